import { expect, it } from 'vitest';
import { hostRows } from '../../../src/page/browser/model/breakdowns.ts';
import { RunningTotals } from '../../../src/page/browser/model/running-totals.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import type { HostCounters, Interval } from '../../../src/page/protocol.ts';
import { counters, pageData } from './page-data.ts';

it('shows the 50 hosts with most calls, and the rest as other', () => {
  const [empty] = pageData([{}]).intervals as [Interval];
  // The hosts 1 to 120, 40 in each interval. Host n has n calls.
  const hosts = (from: number) =>
    Array.from({ length: 40 }, (_, i): HostCounters => [`h${from + i}`, ...counters(from + i)]);
  const intervals = [1, 41, 81].map(
    (from, i): Interval => ({ ...empty, first: i + 1, last: i + 1, at: (i + 1) * 5_000, hosts: hosts(from) }),
  );
  intervals.push({ ...empty, first: 4, last: 4, at: 20_000, hosts: [['other', ...counters(1000)]] });
  const timeline = new Timeline();
  timeline.add(pageData([], { intervals }));
  const totals = new RunningTotals().update(timeline.intervals.map((interval) => interval.hosts));
  const shown = hostRows(totals).map(({ name, totals }) => [name, totals.requests]);
  const busiest = Array.from({ length: 49 }, (_, i) => [`h${72 + i}`, 72 + i]);
  const callsToOthers = 1000 + (71 * 72) / 2;
  expect(Object.fromEntries(shown)).toEqual({ ...Object.fromEntries(busiest), other: callsToOthers });
});
