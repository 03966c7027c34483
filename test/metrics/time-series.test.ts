import { describe, expect, it } from 'vitest';
import { createProcessSeries } from '../../src/metrics/process-series.ts';

function create(options: { maxPaths?: number; slow?: number } = {}) {
  const { timeSpent, all } = createProcessSeries({ buckets: [1], maxPaths: 10, knownMethods: ['GET'], ...options });
  const read = () =>
    Object.fromEntries(
      all.tables.timeSpent.series.map(({ labels: { path, method, on, slow }, sum }) => [
        `${method} ${path} ${on} ${slow}`,
        Math.round(sum * 1e6) / 1e6,
      ]),
    );
  return { timeSpent, all, read };
}

const time = (codeMs: number, unseenMs: number, calls: Record<string, number> = {}) => ({
  codeMs,
  unseenMs,
  calls: Object.entries(calls).map(([on, ms]) => ({ on, ms })),
});

describe('the time of requests', () => {
  it('is added up by path, method, what it was spent on, and whether the request was slow', () => {
    const { timeSpent, read } = create({ slow: 0.5 });
    timeSpent.record('/a', 'GET', 0.03, time(10, 0, { db: 20 }), false);
    timeSpent.record('/a', 'GET', 0.5, time(10, 90, { db: 400 }), false);
    timeSpent.record('/a', 'GET', 0.501, time(1, 0, { 'redis cache': 500 }), false);
    timeSpent.record('/b', 'GET', 0.01, time(10, 0), false);
    expect(read()).toEqual({
      'GET /a code false': 0.02,
      'GET /a db false': 0.42,
      'GET /a unseen false': 0.09,
      'GET /a code true': 0.001,
      'GET /a redis cache true': 0.5,
      'GET /b code false': 0.01,
    });
  });

  it('has as many values of `on` as there may be hosts, beside our own, and `other`', () => {
    const { timeSpent, read } = create({ maxPaths: 2 });
    for (const on of ['a', 'b', 'c', 'd', 'a']) timeSpent.record('/', 'GET', 0.01, time(1, 1, { [on]: 1 }), false);
    expect(read()).toEqual({
      'GET / code false': 0.005,
      'GET / unseen false': 0.005,
      'GET / a false': 0.002,
      'GET / b false': 0.001,
      'GET / other false': 0.002,
    });
  });

  it('keeps its sum over all `on` for each path, when an app has more combinations than there may be series', () => {
    const { timeSpent, all } = create({ maxPaths: 1_000 });
    for (let path = 0; path < 110; path++) {
      for (let on = 0; on < 110; on++)
        timeSpent.record(`/${path}`, 'GET', 0.01, time(1, 1, { [`host:${on}`]: 1 }), false);
    }
    const { series } = all.tables.timeSpent;
    expect(series.length).toBeLessThan(10_000 + 110 * 3 + 1);
    const sums = new Map<string, number>();
    for (const { labels, sum } of series) sums.set(labels.path, (sums.get(labels.path) ?? 0) + sum);
    expect(Array.from(sums.values(), (sum) => Math.round(sum * 1e6) / 1e6)).toEqual(new Array(110).fill(0.33));
  });

  it('belongs to a route as soon as a framework has told its path', () => {
    const { timeSpent, all } = create();
    const guesses = () => all.tables.timeSpent.series.map(({ labels, guessed }) => [labels.on, guessed]);
    timeSpent.record('/a', 'GET', 0.01, time(1, 0, { db: 1 }), true);
    expect(guesses()).toEqual([
      ['code', true],
      ['db', true],
    ]);
    timeSpent.record('/a', 'GET', 0.01, time(1, 0, { db: 1 }), false);
    expect(guesses()).toEqual([
      ['code', false],
      ['db', false],
    ]);
  });
});
