import type { Estimate } from './quantile.ts';
import { quantile, secondsOf } from './quantile.ts';
import { Sum } from './sum.ts';
import type { Moment } from './timeline.ts';

/** Milliseconds that a point of a chart may look back. */
const WINDOWS = [15_000, 30_000, 60_000, 120_000, 300_000] as const;
/** A window is long enough when it has a p99 as a rule. */
const ENOUGH = 100;

/** What happened in the window before each moment. */
export function trailing(moments: readonly Moment[], sumOf: (moment: Moment) => Sum | undefined, buckets: number) {
  const sums = moments.map(sumOf);
  for (const window of WINDOWS) {
    const points = windowed(moments, sums, window, buckets);
    const timed = points.map((sum) => sum.timed).filter((count) => count > 0);
    timed.sort((a, b) => a - b);
    const typical = timed[Math.floor(timed.length / 2)] ?? 0;
    if (typical >= ENOUGH || window === WINDOWS.at(-1)) return { window, points };
  }
  throw new Error('there is a last window');
}

function windowed(moments: readonly Moment[], sums: readonly (Sum | undefined)[], window: number, buckets: number) {
  const running = new Sum(buckets);
  let first = 0;
  return moments.map(({ at }, i) => {
    const sum = sums[i];
    if (sum) running.add(sum.tallied);
    for (; (moments[first] as Moment).at <= at - window; first++) {
      const gone = sums[first];
      if (gone) running.add(gone.tallied, -1);
    }
    return new Sum(buckets).add(running.tallied);
  });
}

/** p50, p90, p99 and the mean of each point, as a chart takes them: null where there is none. */
export function percentiles(points: readonly Sum[], bounds: readonly number[]): (number | null)[][] {
  const line = (q: number) => points.map(({ counts }) => drawn(quantile(counts, bounds, q), bounds));
  return [line(0.99), line(0.9), line(0.5), points.map(({ mean }) => mean ?? null)];
}

/** What is over the top bound is drawn on it. */
function drawn(estimate: Estimate, bounds: readonly number[]): number | null {
  const seconds = secondsOf(estimate);
  if (seconds === undefined) return null;
  return Number.isFinite(seconds) ? seconds : (bounds.at(-1) ?? null);
}
