import { expect, it } from 'vitest';
import type { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import { RequestTotals } from '../../../src/page/browser/model/request-totals.ts';
import { RunningTotals } from '../../../src/page/browser/model/running-totals.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import type { PageData } from '../../../src/page/protocol.ts';
import { histogramOf } from '../support/durations.ts';
import { createHistory } from './create-history.ts';
import { ORIGIN, readAnswer } from './page-answer.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const PATHS = 100;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
/** Longer than on a service, so that half an hour has fewer. */
const INTERVAL_MS = 20_000;
const HALF_HOUR_INTERVALS = 90;
const REQUESTS_PER_ENDPOINT = 60;
const REQUESTS_PER_INTERVAL = PATHS * METHODS.length * REQUESTS_PER_ENDPOINT;

/** Durations from 1 ms to 5 s, which need many buckets. */
const SPREAD = Array.from({ length: 10 }, (_, i) =>
  histogramOf(Array.from({ length: REQUESTS_PER_ENDPOINT }, (_, n) => 0.001 * 2 ** ((i + n * 7) % 12.3))),
);

/** Ends an interval in which each endpoint had many requests. */
async function fillInterval({ history, tick }: ReturnType<typeof createHistory>, interval: number): Promise<void> {
  const requests = Array.from({ length: PATHS * METHODS.length }, (_, i) => ({
    labels: { path: `/path/${i % PATHS}`, method: METHODS[Math.floor(i / PATHS)] as string, status: 200 },
    guessed: false,
    count: REQUESTS_PER_ENDPOINT,
    sum: 1,
    buckets: [],
    fine: SPREAD[(i + interval) % SPREAD.length] as FineHistogram,
  }));
  history.onIncrements('1', { series: { requests } });
  await tick(INTERVAL_MS);
}

const totalsOf = (timeline: Timeline): RequestTotals => {
  const totals = new RequestTotals();
  for (const { total } of timeline.intervals) totals.add(total);
  return totals;
};

it('keeps half an hour in 4 MiB: when it is full, older intervals are merged, and no request is lost', async () => {
  const page = createHistory();
  const [live, seldom] = [new Timeline(), new Timeline()];
  const ask = (timeline: Timeline) => timeline.add(readAnswer(page.history, timeline.cursor));
  let largest = 0;
  for (let interval = 0; interval < HALF_HOUR_INTERVALS + 20; interval++) {
    await fillInterval(page, interval);
    ask(live);
    if (interval % 37 === 5) ask(seldom);
    largest = Math.max(largest, Buffer.concat(page.history.pieces('', ORIGIN)).length);
  }
  ask(seldom);
  const { intervals } = readAnswer(page.history);
  expect(largest).toBeGreaterThan(0.9 * MAX_BYTES);
  expect(largest).toBeLessThan(1.02 * MAX_BYTES);
  // Half an hour, without a gap: each interval starts where the one before ended.
  expect(intervals.slice(1).map(({ first, at, ms }) => [first, at - ms])).toEqual(
    intervals.slice(0, -1).map(({ last, at }) => [last + 1, at]),
  );
  const lengths = intervals.map(({ first, last }) => last - first + 1);
  expect(intervals.map(({ ms }) => ms)).toEqual(lengths.map((length) => length * INTERVAL_MS));
  const kept = lengths.reduce((sum, length) => sum + length, 0);
  expect(kept).toBeGreaterThanOrEqual(HALF_HOUR_INTERVALS);
  expect(intervals.length).toBeLessThan(kept);
  // The last ones are as they were, and none is longer than a few minutes.
  expect(lengths.slice(-5)).toEqual([1, 1, 1, 1, 1]);
  expect(Math.max(...lengths) * INTERVAL_MS).toBeLessThan(5 * 60_000);

  const fresh = new Timeline();
  ask(fresh);
  for (const timeline of [live, seldom, fresh]) {
    const totals = totalsOf(timeline);
    const shown = timeline.intervals.reduce((sum, { ms }) => sum + ms, 0) / INTERVAL_MS;
    expect(shown).toBeGreaterThan(HALF_HOUR_INTERVALS - 10);
    expect([totals.requests, totals.timed]).toEqual([shown * REQUESTS_PER_INTERVAL, shown * REQUESTS_PER_INTERVAL]);
    const byEndpoint = new RunningTotals().update(timeline.intervals.map(({ endpoints }) => endpoints));
    expect(byEndpoint.size).toBe(PATHS * METHODS.length);
  }
  // The page that asked each time has each interval by itself.
  expect(live.intervals.length).toBeGreaterThan(fresh.intervals.length);
});

it('adds up counters, hosts and processes of merged intervals, and shows their largest gauges', async () => {
  const page = createHistory();
  let merged: PageData['intervals'][number] | undefined;
  for (let interval = 0; merged === undefined && interval < HALF_HOUR_INTERVALS; interval++) {
    page.calls.record({ host: 'db', method: 'GET', status: interval % 2 === 0 ? 200 : 500 }, 0.01);
    page.history.onVitals('1', { active: interval, delay: 1 / (1 + interval), cpu: interval % 2, memory: 1e6 });
    await fillInterval(page, interval);
    merged = readAnswer(page.history).intervals.find(({ first, last }) => last > first);
  }
  if (merged === undefined) throw new Error('the history never merged intervals');
  const { first, last, byClass, vitals, hosts, processes, endpoints } = merged;
  const requests = 2 * REQUESTS_PER_INTERVAL;
  expect(last - first).toBe(1);
  expect(byClass).toEqual([0, requests, 0, 0, 0]);
  expect(endpoints.reduce((sum, [, count]) => sum + count, 0)).toBe(requests);
  expect(hosts.map(([host, calls, , errors]) => [host, calls, errors])).toEqual([['db', 2, 1]]);
  // Intervals are numbered from 1.
  const expected = [last - 1, Number((1 / first).toPrecision(4)), 0.5, 1e6];
  expect(vitals).toEqual(expected);
  expect(processes.map(([pid, ...rest]) => [pid, ...rest.slice(0, 5)])).toEqual([['1', ...expected, requests]]);
});

it('counts the names of paths into the 4 MiB, also when the busy paths change', async () => {
  const { series, history, tick } = createHistory();
  const names = new Set<string>();
  let maxBytes = 0;
  for (let interval = 0; interval < 420; interval++) {
    // Every five minutes, other paths become the busy ones.
    for (let path = 0; path < 100; path++) {
      const name = `/${Math.floor(interval / 60)}/${path}/${'x'.repeat(8_000)}`;
      series.record(name, 'GET', 200, 0.01);
      series.record(name, 'GET', 200, 0.01);
    }
    await tick();
    if (interval % 10 !== 9) continue;
    maxBytes = Math.max(maxBytes, Buffer.concat(history.pieces('', ORIGIN)).length);
    if (interval % 60 === 59) for (const [name] of Object.values(readAnswer(history).endpoints)) names.add(name);
  }
  expect(names.size).toBeGreaterThan(600);
  expect(maxBytes).toBeLessThan(4 * 1024 * 1024);
});
