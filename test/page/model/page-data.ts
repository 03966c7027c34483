import { type Counters, type Interval, PAGE_FORMAT, type PageData } from '../../../src/page/protocol.ts';
import { durations } from '../support/durations.ts';

/** How long requests of `counters` take, in seconds. */
const DURATIONS = [0.05, 0.15, 0.3, 0.7, 2];

let lastNumber = 0;

/**
 * Creates an answer of the service.
 * @param intervals the counters of each endpoint, by key, in each interval
 * @param at        when the first interval starts
 */
export function pageData(
  intervals: readonly Readonly<Record<string, Counters>>[],
  overrides: Partial<PageData> = {},
  at = 0,
): PageData {
  const keys = [...new Set(intervals.flatMap((interval) => Object.keys(interval)))];
  const idOf = (key: string) => keys.indexOf(key) + 1;
  const first = lastNumber + 1;
  lastNumber += (overrides.intervals ?? intervals).length;
  return {
    format: PAGE_FORMAT,
    next: `one.${lastNumber}`,
    every: 5_000,
    now: 0,
    service: { name: 'shop', version: '1' },
    uptime: 1,
    scrape: '/metrics',
    slow: 0.5,
    endpoints: Object.fromEntries(keys.map((key) => [idOf(key), key.split(' ').reverse() as [string, string]])),
    kept: keys.map(idOf),
    intervals: intervals.map(
      (interval, i): Interval => ({
        first: first + i,
        last: first + i,
        at: at + (i + 1) * 5_000,
        ms: 5_000,
        byClass: [0, 0, 0, 0, 0],
        running: 1,
        vitals: [null, null, null, null],
        endpoints: Object.entries(interval).map(([key, counters]) => [idOf(key), ...counters]),
        hosts: [],
        databases: [],
        timeSpent: [],
        processes: [],
      }),
    ),
    ...overrides,
  };
}

/** The counters of requests without errors. @param counts how many take each of `DURATIONS` */
export const counters = (...counts: number[]): Counters =>
  countersOf(counts.flatMap((count, i) => new Array<number>(count).fill(DURATIONS[i] as number)));

/** The counters of requests without errors. @param seconds of each request */
export function countersOf(seconds: readonly number[]): Counters {
  return [seconds.length, 0, 0, seconds.reduce((sum, value) => sum + value, 0), durations(...seconds)];
}
