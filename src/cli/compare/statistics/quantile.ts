/** Where a percentile is. `low` and `high` are the bounds of its bucket; above the top bound both others are Infinity. */
export interface Place {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Interpolated within its bucket, as Prometheus does.
 * @param counts of each bucket, not cumulative; the last one has no upper bound
 * @returns undefined where nothing was counted
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantile(counts: readonly number[], bounds: readonly number[], q: number): Place | undefined {
  const all = total(counts);
  if (all <= 0) return undefined;
  const rank = q * all;
  let below = 0;
  let bucket = 0;
  // What arithmetic is off by must not reach into the next bucket.
  while (bucket < bounds.length && below + (counts[bucket] as number) < rank * (1 - 1e-12))
    below += counts[bucket++] as number;
  const low = bucket === 0 ? 0 : (bounds[bucket - 1] as number);
  const high = bounds[bucket];
  if (high === undefined) return { seconds: Number.POSITIVE_INFINITY, low, high: Number.POSITIVE_INFINITY };
  return { seconds: low + (high - low) * Math.min(1, (rank - below) / (counts[bucket] as number)), low, high };
}

export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

export function added(all: readonly (readonly number[])[], buckets: number): number[] {
  const sum = new Array<number>(buckets).fill(0);
  for (const counts of all) {
    for (let i = 0; i < buckets; i++) (sum[i] as number) += counts[i] ?? 0;
  }
  return sum;
}
