import { expect, it } from 'vitest';
import { EncodedStats, type RequestStats } from '../../../src/page/browser/model/request-stats.ts';
import { RunningTotals } from '../../../src/page/browser/model/running-totals.ts';
import { countersOf } from './page-data.ts';

type Rows = ReadonlyMap<string, RequestStats>;

/** An interval. @param durations in seconds, by name */
const rows = (durations: Readonly<Record<string, readonly number[]>>): Rows =>
  new Map(Object.entries(durations).map(([name, seconds]) => [name, EncodedStats.decode(countersOf(seconds))]));

const read = (totals: ReturnType<RunningTotals['update']>) =>
  Object.fromEntries(Array.from(totals, ([name, { requests, histogram }]) => [name, [requests, histogram.entries()]]));

const one = rows({ a: [0.1, 0.2], b: [0.3] });
const two = rows({ a: [0.2], c: [3] });
const three = rows({ a: [0.1], b: [0.5, 0.5] });
const merged = rows({ a: [0.1, 0.2, 0.2], b: [0.3], c: [3] });

it.each([
  ['an interval is added', [one], [one, two]],
  ['one is added and the oldest goes', [one, two], [two, three]],
  ['all go', [one], [two]],
  ['the oldest two are merged', [one, two, three], [merged, three]],
  ['the last one is replaced', [one, two], [one, three]],
  ['a shorter range is chosen', [one, two, three], [three]],
  ['nothing is left', [one, two], []],
])('are the totals of the intervals when %s', (_, before, after) => {
  const running = new RunningTotals();
  expect(read(running.update(before))).toEqual(read(new RunningTotals().update(before)));
  expect(read(running.update(after))).toEqual(read(new RunningTotals().update(after)));
});
