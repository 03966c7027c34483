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

/** p99, p90, p50 and the mean of each point, as a chart takes them: null where there is none, infinite above the top bound. */
export function percentiles(points: readonly Sum[], bounds: readonly number[]): (number | null)[][] {
  const line = (q: number) => points.map(({ counts }) => secondsOf(quantile(counts, bounds, q)) ?? null);
  return [line(0.99), line(0.9), line(0.5), points.map(({ mean }) => mean ?? null)];
}
