import type { Counters, Interval, PageData } from '../../../src/page/protocol.ts';

export const BOUNDS = [0.1, 0.2, 0.5, 1];

let slotsTold = 0;

/** What a process tells: for each slot, what each endpoint had. */
export function data(
  slots: readonly Readonly<Record<string, Counters>>[],
  given: Partial<PageData> = {},
  at = 0,
): PageData {
  const keys = [...new Set(slots.flatMap((slot) => Object.keys(slot)))];
  const idOf = (key: string) => keys.indexOf(key) + 1;
  slotsTold += (given.intervals ?? slots).length;
  return {
    format: 1,
    next: `one.${slotsTold}`,
    every: 5_000,
    now: 0,
    service: { name: 'shop', version: '1' },
    uptime: 1,
    scrape: '/metrics',
    bounds: BOUNDS,
    endpoints: Object.fromEntries(keys.map((key) => [idOf(key), key.split(' ').reverse() as [string, string]])),
    kept: keys.map(idOf),
    intervals: slots.map(
      (slot, i): Interval => ({
        at: at + (i + 1) * 5_000,
        ms: 5_000,
        byClass: [0, 0, 0, 0, 0],
        running: 1,
        vitals: [null, null, null, null],
        endpoints: Object.entries(slot).map(([key, tallied]) => [idOf(key), ...tallied]),
        hosts: [],
        processes: [],
      }),
    ),
    ...given,
  };
}

/** Requests by bucket, without errors. */
export const tallied = (...counts: number[]): Counters => {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  return [requests, 0, 0, requests / 10, 0, ...counts];
};
