import { expect, it } from 'vitest';
import { databaseRows, hostRows, processRows } from '../../../src/page/browser/model/breakdowns.ts';
import type { TimelineInterval } from '../../../src/page/browser/model/decode.ts';
import { EncodedStats } from '../../../src/page/browser/model/request-stats.ts';
import { RunningTotals } from '../../../src/page/browser/model/running-totals.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import { formatEstimate } from '../../../src/page/browser/text/format.ts';
import type { CalledCounters, Interval } from '../../../src/page/protocol.ts';
import { counters, countersOf, pageData } from './page-data.ts';

it('shows the 50 hosts with most calls, and the rest as other', () => {
  const [empty] = pageData([{}]).intervals as [Interval];
  // The hosts 1 to 120, 40 in each interval. Host n has n calls.
  const hosts = (from: number) =>
    Array.from({ length: 40 }, (_, i): CalledCounters => [`h${from + i}`, ...counters(from + i)]);
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

it('shows the p99 of each host and of each process that runs, across processes of other scales', () => {
  const times = (count: number, seconds: number) => new Array<number>(count).fill(seconds);
  // So wide a range needs buckets of twice the width.
  const wide = Array.from({ length: 400 }, (_, i) => 2 ** (-23 + i / 10));
  const [empty] = pageData([{}]).intervals as [Interval];
  const vitals = [1, 0.02, 0.5, 80e6] as const;
  const intervals: Interval[] = [
    {
      ...empty,
      first: 1,
      last: 1,
      hosts: [['api', ...countersOf(times(970, 0.004))]],
      processes: [
        ['1', ...vitals, ...countersOf(times(500, 0.00059))],
        ['2', ...vitals, ...countersOf(wide)],
      ],
    },
    {
      ...empty,
      first: 2,
      last: 2,
      at: 10_000,
      hosts: [['api', ...countersOf(times(30, 1.2))]],
      processes: [['1', ...vitals, ...countersOf(times(500, 0.00059))]],
    },
  ];
  const timeline = new Timeline();
  timeline.add(pageData([], { intervals }));
  const totalsOf = (group: 'hosts' | 'processes') =>
    new RunningTotals().update(timeline.intervals.map((interval) => interval[group]));
  const [api] = hostRows(totalsOf('hosts'));
  expect([api?.name, api?.totals.requests, api && formatEstimate(api.p99)]).toEqual(['api', 1000, '1.2 s']);
  const rows = processRows(totalsOf('processes'), timeline.intervals[1] as TimelineInterval);
  expect(rows.map(({ name, totals, p99 }) => [name, totals.requests, formatEstimate(p99)])).toEqual([
    ['1', 1000, '0.587 ms'],
  ]);
  expect(rows[0]?.vitals?.cpuCores).toBe(0.5);
});

it('shows databases by operation', () => {
  const totals = new RunningTotals().update([
    new Map([
      ['postgresql db:5433 SELECT', EncodedStats.decode(counters(3))],
      ['postgresql db:5433 connect', EncodedStats.decode(counters(1))],
      ['other', EncodedStats.decode(counters(2))],
    ]),
  ]);
  expect(databaseRows(totals).map(({ name, operation, totals }) => [name, operation, totals.requests])).toEqual([
    ['postgresql db:5433', 'SELECT', 3],
    ['other', 'other', 2],
    ['postgresql db:5433', 'connect', 1],
  ]);
});
