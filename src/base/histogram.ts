/** Where a quantile lies, in the unit of the bounds. */
export interface Quantile {
  /** Interpolated within the bucket; infinite above the top bound. */
  readonly value: number;
  /** Lower bound of the bucket. */
  readonly low: number;
  /** Upper bound of the bucket; infinite above the top bound. */
  readonly high: number;
}

/** Relative error of floating-point sums, which must not move a rank into the next bucket. */
const RANK_TOLERANCE = 1e-12;

/** Adds the counts of each bucket to `into`. Missing counts are zero. */
export function addCounts(into: number[], counts: readonly number[]): void {
  for (let i = 0; i < into.length; i++) (into[i] as number) += counts[i] ?? 0;
}

/** @returns `a - b` for each bucket of `a`. Missing counts are zero. */
export function subtractCounts(a: readonly number[], b: readonly number[]): number[] {
  const counts = a.slice();
  for (let i = 0; i < counts.length; i++) (counts[i] as number) -= b[i] ?? 0;
  return counts;
}

/** @returns the number of values in all buckets */
export function totalCount(counts: readonly number[]): number {
  // A loop: this runs for each of 10,000 series at each scrape.
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i] as number;
  return total;
}

/**
 * The quantile, interpolated within its bucket as Prometheus does.
 * @param bounds upper bounds, ascending; the last bucket has none
 * @param counts of each bucket, not cumulative
 * @param q      0 to 1
 * @returns undefined for an empty histogram
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantile(bounds: readonly number[], counts: readonly number[], q: number): Quantile | undefined {
  const total = totalCount(counts);
  if (total <= 0) return undefined;
  const rank = q * total;
  let below = 0;
  let bucket = 0;
  // An empty bucket holds no value. One is met with the rank reached only at q = 0.
  const isBelow = (count: number) => count === 0 || below + count < rank * (1 - RANK_TOLERANCE);
  while (bucket < bounds.length && isBelow(counts[bucket] as number)) below += counts[bucket++] as number;
  const low = bucket === 0 ? 0 : (bounds[bucket - 1] as number);
  const high = bounds[bucket] ?? Number.POSITIVE_INFINITY;
  if (high === Number.POSITIVE_INFINITY) return { value: high, low, high };
  const share = Math.min(1, (rank - below) / (counts[bucket] as number));
  return { value: low + (high - low) * share, low, high };
}
