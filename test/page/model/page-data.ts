import { type Counters, type Interval, PAGE_FORMAT, type PageData } from '../../../src/page/protocol.ts';

export const BOUNDS = [0.1, 0.2, 0.5, 1];

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
  lastNumber += (overrides.intervals ?? intervals).length;
  return {
    format: PAGE_FORMAT,
    next: `one.${lastNumber}`,
    every: 5_000,
    now: 0,
    service: { name: 'shop', version: '1' },
    uptime: 1,
    scrape: '/metrics',
    bounds: BOUNDS,
    endpoints: Object.fromEntries(keys.map((key) => [idOf(key), key.split(' ').reverse() as [string, string]])),
    kept: keys.map(idOf),
    intervals: intervals.map(
      (interval, i): Interval => ({
        at: at + (i + 1) * 5_000,
        ms: 5_000,
        byClass: [0, 0, 0, 0, 0],
        running: 1,
        vitals: [null, null, null, null],
        endpoints: Object.entries(interval).map(([key, counters]) => [idOf(key), ...counters]),
        hosts: [],
        processes: [],
      }),
    ),
    ...overrides,
  };
}

/** The counters of requests without errors. @param counts by bucket */
export const counters = (...counts: number[]): Counters => {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  return [requests, 0, 0, requests / 10, 0, ...counts];
};
