import type { TimelineInterval } from './decode.ts';
import { comparableSeconds, estimate } from './estimate.ts';
import { type RequestStats, RequestTotals } from './request-totals.ts';

/** How far a point of a chart may look back, shortest first. */
const WINDOWS_MS = [15_000, 30_000, 60_000, 120_000, 300_000] as const;
/** A p99 needs this many timed requests. */
const MIN_TIMED = 100;

export interface RollingWindow {
  readonly windowMs: number;
  /** Totals of the window that ends with each interval. */
  readonly points: readonly RequestTotals[];
}

/** The shortest window whose typical point has a p99, or else the longest. */
export function rollingWindow(
  intervals: readonly TimelineInterval[],
  statsOf: (interval: TimelineInterval) => RequestStats | undefined,
  buckets: number,
): RollingWindow {
  const stats = intervals.map(statsOf);
  let found: RollingWindow | undefined;
  for (const windowMs of WINDOWS_MS) {
    found = { windowMs, points: sumWindows(intervals, stats, windowMs, buckets) };
    if (medianTimed(found.points) >= MIN_TIMED) break;
  }
  return found as RollingWindow;
}

function sumWindows(
  intervals: readonly TimelineInterval[],
  stats: readonly (RequestStats | undefined)[],
  windowMs: number,
  buckets: number,
): RequestTotals[] {
  const totals = new RequestTotals(buckets);
  let first = 0;
  return intervals.map(({ at }, i) => {
    const added = stats[i];
    if (added) totals.add(added);
    for (; (intervals[first] as TimelineInterval).at <= at - windowMs; first++) {
      const removed = stats[first];
      if (removed) totals.subtract(removed);
    }
    return totals.copy();
  });
}

/** Of the points that have any request. */
function medianTimed(points: readonly RequestTotals[]): number {
  const timed = points.map((totals) => totals.timed).filter((count) => count > 0);
  timed.sort((a, b) => a - b);
  return timed[Math.floor(timed.length / 2)] ?? 0;
}

/** The lines of p99, p90, p50 and the mean: null where there is no value, infinite above the top bound. */
export function percentileLines(points: readonly RequestTotals[], bounds: readonly number[]): (number | null)[][] {
  const line = (q: number) => points.map(({ counts }) => comparableSeconds(estimate(bounds, counts, q)) ?? null);
  return [line(0.99), line(0.9), line(0.5), points.map(({ mean }) => mean ?? null)];
}
