import type { TimelineInterval } from './decode.ts';
import { estimates, secondsOf } from './estimate.ts';
import type { RequestStats } from './request-stats.ts';
import { RequestTotals } from './request-totals.ts';

/** How far a point of a chart may look back, shortest first. */
const WINDOWS_MS = [15_000, 30_000, 60_000, 120_000, 300_000] as const;
/** A p99 needs this many timed requests. */
const MIN_TIMED = 100;
const QUANTILES = [0.99, 0.9, 0.5];

/**
 * What happened in the window that ends with an interval.
 * @property percentiles p99, p90 and p50; undefined with too few requests
 */
export interface RollingPoint {
  readonly requests: number;
  readonly clientErrors: number;
  readonly errors: number;
  readonly mean: number | undefined;
  readonly percentiles: readonly (number | undefined)[];
}

export interface RollingWindow {
  readonly windowMs: number;
  /** One for each interval. */
  readonly points: readonly RollingPoint[];
}

/** The shortest window whose typical point has a p99, or else the longest. */
export function rollingWindow(
  intervals: readonly TimelineInterval[],
  statsOf: (interval: TimelineInterval) => RequestStats | undefined,
): RollingWindow {
  const totals = intervals.map((interval) => {
    const stats = statsOf(interval);
    return stats instanceof RequestTotals ? stats : stats && new RequestTotals().add(stats);
  });
  const timed = totals.map((stats) => stats?.timed ?? 0);
  const windowMs =
    WINDOWS_MS.find((ms) => medianOf(sumWindows(intervals, timed, ms)) >= MIN_TIMED) ?? (WINDOWS_MS.at(-1) as number);
  const sum = new RequestTotals();
  const points: RollingPoint[] = [];
  slide(intervals, windowMs, {
    add: (i) => totals[i] && sum.add(totals[i]),
    remove: (i) => totals[i] && sum.subtract(totals[i]),
    end: () => points.push(pointOf(sum)),
  });
  return { windowMs, points };
}

function pointOf({ requests, clientErrors, errors, mean, histogram }: RequestTotals): RollingPoint {
  const percentiles = estimates(histogram, QUANTILES).map(secondsOf);
  return { requests, clientErrors, errors, mean, percentiles };
}

function sumWindows(intervals: readonly TimelineInterval[], timed: readonly number[], windowMs: number): number[] {
  let sum = 0;
  const sums: number[] = [];
  slide(intervals, windowMs, {
    add: (i) => {
      sum += timed[i] as number;
    },
    remove: (i) => {
      sum -= timed[i] as number;
    },
    end: () => sums.push(sum),
  });
  return sums;
}

/** Moves a window over the intervals. @param steps called with the index of an interval, and at the end of each window */
function slide(
  intervals: readonly TimelineInterval[],
  windowMs: number,
  steps: { add(index: number): void; remove(index: number): void; end(): void },
): void {
  let first = 0;
  intervals.forEach(({ at }, i) => {
    steps.add(i);
    for (; (intervals[first] as TimelineInterval).at <= at - windowMs; first++) steps.remove(first);
    steps.end();
  });
}

/** Of the windows that have any timed request. */
function medianOf(timed: readonly number[]): number {
  const sorted = timed.filter((count) => count > 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The lines of p99, p90, p50 and the mean: null where there is no value. */
export const percentileLines = (points: readonly RollingPoint[]): (number | null)[][] => [
  ...QUANTILES.map((_, q) => points.map(({ percentiles }) => percentiles[q] ?? null)),
  points.map(({ mean }) => mean ?? null),
];
