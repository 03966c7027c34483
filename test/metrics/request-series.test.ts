import { describe, expect, it } from 'vitest';
import { RequestSeries } from '../../src/metrics/request-series.ts';

const create = (buckets = [0.1, 1]) => new RequestSeries({ buckets, knownMethods: ['GET', 'POST'] });

describe('the series of requests', () => {
  it('count and time each path, method and status separately', () => {
    const series = create();
    series.record('/users/:id', 'GET', 200, 0.05);
    series.record('/users/:id', 'GET', 500, 0.5);
    series.record('/users/:id', 'POST', 200, 5);
    series.record('/users/:id', 'GET', 200, 0.25);
    expect(series.table.series).toEqual([
      { path: '/users/:id', method: 'GET', status: 200, requests: 2, seconds: expect.closeTo(0.3), counts: [1, 1, 0] },
      { path: '/users/:id', method: 'GET', status: 500, requests: 1, seconds: 0.5, counts: [0, 1, 0] },
      { path: '/users/:id', method: 'POST', status: 200, requests: 1, seconds: 5, counts: [0, 0, 1] },
    ]);
  });

  it('count a duration that equals a bound in the bucket of that bound', () => {
    const series = create([0.1, 0.5, 1]);
    for (const seconds of [0, 0.1, 0.100001, 0.5, 1, 1.000001, 3600]) series.record('/', 'GET', 200, seconds);
    expect(series.table.series[0]?.counts).toEqual([2, 2, 1, 2]);
  });

  it('count an event stream without timing it', () => {
    const series = create();
    series.record('/events', 'GET', 200, undefined);
    expect(series.table.series).toEqual([
      { path: '/events', method: 'GET', status: 200, requests: 1, seconds: 0, counts: [0, 0, 0] },
    ]);
  });

  it('have one series for all unknown methods, however many a client invents', () => {
    const series = create();
    for (let i = 0; i < 1000; i++) {
      series.activeOf(`M${i}`).requests++;
      series.record('/', `M${i}`, 200, 0.5);
      series.activeOf(`M${i}`).requests--;
    }
    expect(series.table.series).toEqual([
      { path: '/', method: '_OTHER', status: 200, requests: 1000, seconds: 500, counts: [0, 1000, 0] },
    ]);
    expect(series.active).toEqual([{ method: '_OTHER', requests: 0 }]);
  });

  it('have one gauge of requests in flight for each method', () => {
    const series = create();
    const first = series.activeOf('GET');
    expect(series.activeOf('GET')).toBe(first);
    expect(series.activeOf('BREW')).toBe(series.activeOf('MKCOL'));
    first.requests += 2;
    expect(series.active).toEqual([
      { method: 'GET', requests: 2 },
      { method: '_OTHER', requests: 0 },
    ]);
  });

  it('keep similar paths separate', () => {
    const series = create();
    const paths = ['other', 'unmatched', '/', '/a', '/a/', '/ GET 200 /', '__proto__', 'constructor'];
    for (const path of paths) series.record(path, 'GET', 200, 0.5);
    expect(series.table.series.map(({ path, requests }) => [path, requests])).toEqual(paths.map((path) => [path, 1]));
  });
});
