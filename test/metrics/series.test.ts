import { describe, expect, it } from 'vitest';
import { views } from '../../src/metrics/otel/views.ts';
import { RequestSeries } from '../../src/metrics/series.ts';

function create(buckets = [0.1, 1]) {
  return new RequestSeries(views({ metricNames: 'apm', buckets, maxPaths: 500 }), ['GET', 'POST']);
}

const totals = ({ requests }: RequestSeries) =>
  requests.points.map(({ attributes, value }) => ({ ...attributes, value }));
const distributions = ({ duration }: RequestSeries) =>
  duration.points.map(({ attributes, counts, sum, count }) => ({ ...attributes, counts, sum, count }));

describe('the bound series', () => {
  it('count each path, method and status apart, and time each path and method', () => {
    const series = create();
    series.record('/users/:id', 'GET', 200, 0.05);
    series.record('/users/:id', 'GET', 500, 0.5);
    series.record('/users/:id', 'POST', 200, 5);
    series.record('/users/:id', 'GET', 200, 0.25);
    expect(totals(series)).toEqual([
      { path: '/users/:id', method: 'GET', status_code: 200, value: 2 },
      { path: '/users/:id', method: 'GET', status_code: 500, value: 1 },
      { path: '/users/:id', method: 'POST', status_code: 200, value: 1 },
    ]);
    expect(distributions(series)).toEqual([
      { path: '/users/:id', method: 'GET', counts: [1, 2, 0], sum: expect.closeTo(0.8), count: 3 },
      { path: '/users/:id', method: 'POST', counts: [0, 0, 1], sum: 5, count: 1 },
    ]);
  });

  it('put a value on a bound into the bucket of that bound', () => {
    const series = create([0.1, 0.5, 1]);
    for (const seconds of [0, 0.1, 0.100001, 0.5, 1, 1.000001, 3600]) series.record('/', 'GET', 200, seconds);
    expect(distributions(series)[0]?.counts).toEqual([2, 2, 1, 2]);
  });

  it('count without timing where there is no duration', () => {
    const series = create();
    series.record('/events', 'GET', 200, undefined);
    expect(totals(series)).toEqual([{ path: '/events', method: 'GET', status_code: 200, value: 1 }]);
    expect(distributions(series)[0]).toMatchObject({ counts: [0, 0, 0], sum: 0, count: 0 });
  });

  it('know no method but the known ones: a client that invents them adds one series', () => {
    const series = create();
    for (let i = 0; i < 1000; i++) {
      series.activeOf(`M${i}`).value++;
      series.record('/', `M${i}`, 200, 0.5);
      series.activeOf(`M${i}`).value--;
    }
    expect(totals(series)).toEqual([{ path: '/', method: '_OTHER', status_code: 200, value: 1000 }]);
    expect(series.duration.points.length).toBe(1);
    expect(series.active.points).toEqual([{ attributes: { method: '_OTHER' }, value: 0 }]);
  });

  it('share one gauge for each method, the same from arrival to end', () => {
    const series = create();
    const first = series.activeOf('GET');
    expect(series.activeOf('GET')).toBe(first);
    expect(series.activeOf('BREW')).toBe(series.activeOf('MKCOL'));
    first.value += 2;
    expect(series.active.points.map(({ attributes, value }) => [attributes, value])).toEqual([
      [{ method: 'GET' }, 2],
      [{ method: '_OTHER' }, 0],
    ]);
  });

  it('keep paths apart that look alike', () => {
    const series = create();
    for (const path of ['other', 'unmatched', '/', '/a', '/a/', '__proto__', 'constructor']) {
      series.record(path, 'GET', 200, 0.5);
    }
    expect(totals(series).map(({ value }) => value)).toEqual(Array(7).fill(1));
  });
});
