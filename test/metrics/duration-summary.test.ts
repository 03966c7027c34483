import { expect, it } from 'vitest';
import { summarizeDurations } from '../../src/metrics/duration-summary.ts';
import { createProcessSeries } from '../../src/metrics/process-series.ts';

const createSeries = () => createProcessSeries({ maxPaths: 10, knownMethods: ['GET'], buckets: [0.01, 1], labels: {} });

it('says how many requests are below the lowest and above the highest bound, and how long they take', () => {
  const { plain, all } = createSeries();
  for (let i = 0; i < 98; i++) plain.requests.record('/fast', 'GET', 200, 0.002);
  plain.requests.record('/fast', 'GET', 200, 0.5);
  plain.requests.record('/fast', 'GET', 200, 4);
  plain.requests.record('/events', 'GET', 200, undefined);
  expect(summarizeDurations(all.tables.requests)).toEqual({
    bounds: [0.01, 1],
    timed: 100,
    inFirst: 98,
    aboveTop: 1,
    p50: expect.closeTo(0.002, 4),
    p99: expect.closeTo(0.5, 1),
  });
});

it('takes the percentiles of busy series, however many others there are', () => {
  const { plain, all } = createSeries();
  for (let path = 0; path < 1_000; path++) plain.requests.record(`/rare/${path}`, 'GET', 200, 5);
  for (let i = 0; i < 9_000; i++) plain.requests.record('/often', 'GET', 200, 0.002);
  const found = summarizeDurations(all.tables.requests);
  expect([found?.timed, found?.inFirst, found?.aboveTop]).toEqual([10_000, 9_000, 1_000]);
  expect(found?.p50).toBeCloseTo(0.002, 4);
});

it('says nothing before a request was timed', () => {
  const { plain, all } = createSeries();
  plain.requests.record('/events', 'GET', 200, undefined);
  expect(summarizeDurations(all.tables.requests)).toBeNull();
});
