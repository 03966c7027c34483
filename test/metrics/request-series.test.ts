import { describe, expect, it } from 'vitest';
import { createProcessSeries } from '../../src/metrics/process-series.ts';
import { fineOf, repeated } from '../support/histograms.ts';

const create = (buckets = [0.1, 1]) => {
  const { plain, all, active } = createProcessSeries({ buckets, maxPaths: 10, knownMethods: ['GET', 'POST'] });
  return { series: plain.requests, active, all: all.tables.requests.series };
};

describe('the series of requests', () => {
  it('count and time each path, method and status separately', () => {
    const { series, all } = create();
    series.record('/users/:id', 'GET', 200, 0.05);
    series.record('/users/:id', 'GET', 500, 0.5);
    series.record('/users/:id', 'POST', 200, 5);
    series.record('/users/:id', 'GET', 200, 0.25);
    expect(all).toEqual([
      {
        labels: { path: '/users/:id', method: 'GET', status: 200, details: undefined },
        guessed: false,
        count: 2,
        sum: expect.closeTo(0.3),
        buckets: [1, 1, 0],
        fine: fineOf(0.05, 0.25),
      },
      {
        labels: { path: '/users/:id', method: 'GET', status: 500 },
        guessed: false,
        count: 1,
        sum: 0.5,
        buckets: [0, 1, 0],
        fine: fineOf(0.5),
      },
      {
        labels: { path: '/users/:id', method: 'POST', status: 200 },
        guessed: false,
        count: 1,
        sum: 5,
        buckets: [0, 0, 1],
        fine: fineOf(5),
      },
    ]);
  });

  it('say whether their path is only a guess, until a framework has told it', () => {
    const { series, all } = create();
    const guessed = () => all.map((each) => each.guessed);
    series.record('/blog', 'GET', 200, 0.05, true);
    series.record('/blog', 'GET', 302, 0.05, true);
    expect(guessed()).toEqual([true, true]);
    series.record('/blog', 'GET', 200, 0.05, false);
    expect(guessed()).toEqual([false, true]);
    series.record('/blog', 'GET', 200, 0.05, true);
    expect(guessed()).toEqual([false, true]);
    expect(all.map(({ count }) => count)).toEqual([3, 1]);
  });

  it('count a duration that equals a bound in the bucket of that bound', () => {
    const { series, all } = create([0.1, 0.5, 1]);
    for (const seconds of [0, 0.1, 0.100001, 0.5, 1, 1.000001, 3600]) series.record('/', 'GET', 200, seconds);
    expect(all[0]?.buckets).toEqual([2, 2, 1, 2]);
  });

  it('count an event stream without timing it', () => {
    const { series, all } = create();
    series.record('/events', 'GET', 200, undefined);
    expect(all).toEqual([
      {
        labels: { path: '/events', method: 'GET', status: 200 },
        guessed: false,
        count: 1,
        sum: 0,
        buckets: [0, 0, 0],
        fine: fineOf(),
      },
    ]);
  });

  it('have one series for all unknown methods, however many a client invents', () => {
    const { series, all, active } = create();
    for (let i = 0; i < 1000; i++) {
      series.activeOf(`M${i}`).requests++;
      series.record('/', `M${i}`, 200, 0.5);
      series.activeOf(`M${i}`).requests--;
    }
    expect(all).toEqual([
      {
        labels: { path: '/', method: '_OTHER', status: 200 },
        guessed: false,
        count: 1000,
        sum: 500,
        buckets: [0, 1000, 0],
        fine: repeated(1000, 0.5),
      },
    ]);
    expect(active.read()).toEqual([{ method: '_OTHER', requests: 0 }]);
  });

  it('have one gauge of requests in flight for each method', () => {
    const { series, active } = create();
    const first = series.activeOf('GET');
    expect(series.activeOf('GET')).toBe(first);
    expect(series.activeOf('BREW')).toBe(series.activeOf('MKCOL'));
    first.requests += 2;
    expect(active.read()).toEqual([
      { method: 'GET', requests: 2 },
      { method: '_OTHER', requests: 0 },
    ]);
  });

  it('keep the labels of the app on routes, however many guessed paths have taken all series of their own', () => {
    const options = { buckets: [1], maxPaths: 500, knownMethods: ['GET'], labels: { tenant: 'header:x-tenant' } };
    const { plain, all } = createProcessSeries(options);
    const record = (path: string, tenant: string, guessed: boolean) =>
      plain.labelled.find([tenant]).record(path, 'GET', 200, 0.5, guessed);
    for (let i = 0; i < 600; i++) for (let t = 0; t < 10; t++) record(`/scan/${i}`, `t${t}`, true);
    record('/orders/:order', 't7', false);
    const { series } = all.tables.requests;
    const own = series.filter(({ labels }) => labels.tenant !== 'other');
    expect(own.filter(({ guessed }) => guessed).length).toBe(5_000);
    expect(
      own.filter(({ guessed }) => !guessed).map(({ labels, count }) => [labels.path, labels.tenant, count]),
    ).toEqual([['/orders/:order', 't7', 1]]);
  });

  it('keep similar paths separate', () => {
    const { series, all } = create();
    const paths = ['other', 'unmatched', '/', '/a', '/a/', '/ GET 200 /', '__proto__', 'constructor'];
    for (const path of paths) series.record(path, 'GET', 200, 0.5);
    expect(all.map(({ labels, count }) => [labels.path, count])).toEqual(paths.map((path) => [path, 1]));
  });
});
