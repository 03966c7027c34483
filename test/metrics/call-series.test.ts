import { expect, it } from 'vitest';
import { createProcessSeries } from '../../src/metrics/process-series.ts';
import { fineOf, repeated } from '../support/histograms.ts';

const create = (maxPaths: number) => {
  const { calls, all } = createProcessSeries({ buckets: [1], maxPaths, knownMethods: [] });
  return { calls, series: all.tables.calls.series };
};

it('counts the calls of each host, method and status', () => {
  const { calls, series } = create(10);
  const get = { host: 'db', method: 'GET' };
  calls.record({ ...get, status: 200 }, 0.5);
  calls.record({ ...get, status: 200 }, 1.5);
  calls.record({ ...get, status: undefined }, 0.5);
  expect(series).toEqual([
    { labels: { ...get, status: 200 }, guessed: false, count: 2, sum: 2, buckets: [1, 1], fine: fineOf(0.5, 1.5) },
    { labels: { ...get, status: undefined }, guessed: false, count: 1, sum: 0.5, buckets: [1, 0], fine: fineOf(0.5) },
  ]);
});

it('counts hosts past the cap as other, and what is too long for a host', () => {
  const { calls, series } = create(2);
  const hosts = ['a'.repeat(253), 'b'.repeat(254), 'c'.repeat(100_000), 'd', 'e'];
  for (const host of hosts) calls.record({ host, method: 'GET', status: 200 }, 0.5);
  expect(series.map(({ labels, count }) => [labels.host, count])).toEqual([
    ['a'.repeat(253), 1],
    ['other', 3],
    ['d', 1],
  ]);
});

it('counts a duration that is no number as 0 seconds', () => {
  const { calls, series } = create(2);
  for (const seconds of [-1, Number.NaN]) calls.record({ host: 'a', method: 'GET', status: 200 }, seconds);
  expect(series[0]).toMatchObject({ count: 2, sum: 0, buckets: [2, 0], fine: fineOf(0, 0) });
});

it('has at most 2,000 series and a few for the rest, and known ones go on counting', () => {
  const { calls, series } = create(10);
  const call = (port: number) => ({
    host: 'db',
    method: 'GET',
    status: 200,
    details: JSON.stringify({ 'server.port': port }),
  });
  for (let port = 0; port < 3_000; port++) calls.record(call(port), 0.5);
  calls.record(call(0), 0.5);
  for (let status = 1_000; status < 5_000; status++) calls.record({ host: 'db', method: 'GET', status }, 0.5);
  expect(series.length).toBe(2_001);
  expect(series[0]).toMatchObject({ labels: call(0), count: 2 });
  expect(series.at(-1)).toEqual({
    labels: { host: 'other', method: 'GET', status: undefined },
    guessed: false,
    count: 5_000,
    sum: 2_500,
    buckets: [5_000, 0],
    fine: repeated(5_000, 0.5),
  });
});
