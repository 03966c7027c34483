import type { Bucket } from './bucket.ts';
import { LINEAR, LOGARITHMIC } from './interpolation.ts';

export type { Bucket } from './bucket.ts';

/** A number that is known to lie between two others. */
export interface BoundedValue {
  /** The best guess; infinite above the top bound of a histogram. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What is known to be the least: above the top bound of a histogram, this bound. */
export const knownValue = ({ value, low }: BoundedValue): number => (Number.isFinite(value) ? value : low);

/** Values sorted into buckets. */
export interface Histogram {
  /** Whether its buckets are narrow: 2 % or 4 % wide. Others have given bounds. */
  readonly isFine: boolean;
  /** Number of values. */
  readonly total: number;
  /** The buckets that are not empty, ascending. */
  buckets(): Bucket[];
  /**
   * Adds the counts of another histogram, times `factor`.
   * @throws where it has other buckets
   */
  add(other: Histogram, factor?: number): this;
  /** An empty histogram with the same buckets. */
  createEmpty(): Histogram;
}

/** What a quantile and a share are made from. */
type Distribution = Pick<Histogram, 'isFine' | 'buckets'>;

const interpolationOf = ({ isFine }: Distribution) => (isFine ? LOGARITHMIC : LINEAR);

/** Relative error of floating-point sums, which must not move a rank into the next bucket. */
const RANK_TOLERANCE = 1e-12;

/**
 * The quantile, and the bounds of the bucket that it lies in.
 * @param q 0 to 1
 * @returns undefined for an empty histogram
 */
export const quantileOf = (histogram: Distribution, q: number): BoundedValue | undefined =>
  quantilesOf(histogram, [q])[0];

/** Several quantiles of one histogram: its buckets are listed only once. */
export function quantilesOf(histogram: Distribution, quantiles: readonly number[]): (BoundedValue | undefined)[] {
  const buckets = histogram.buckets();
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  return quantiles.map((q) => valueAtRank(histogram, buckets, q * total));
}

function valueAtRank(histogram: Distribution, buckets: readonly Bucket[], rank: number): BoundedValue | undefined {
  let below = 0;
  for (const [i, bucket] of buckets.entries()) {
    const { low, high, count } = bucket;
    if (below + count < rank * (1 - RANK_TOLERANCE) && i < buckets.length - 1) {
      below += count;
      continue;
    }
    if (high === Number.POSITIVE_INFINITY) return { value: high, low, high };
    const share = Math.min(1, Math.max(0, (rank - below) / count));
    const isAtEdge = buckets[i - 1]?.high !== low || buckets[i + 1]?.low !== high;
    return { value: interpolationOf(histogram).valueAt(bucket, share, isAtEdge), low, high };
  }
  return undefined;
}

/**
 * The share of the values that are greater than `limit`, 0 to 1. It is exact where `limit` is a bound.
 * @returns undefined for an empty histogram
 */
export function shareAbove(histogram: Distribution, limit: number): BoundedValue | undefined {
  let [total, value, low, high] = [0, 0, 0, 0];
  for (const bucket of histogram.buckets()) {
    const { count } = bucket;
    total += count;
    if (bucket.high <= limit) continue;
    high += count;
    if (bucket.low >= limit) low += count;
    value += count * (bucket.low >= limit ? 1 : 1 - interpolationOf(histogram).shareBelow(bucket, limit));
  }
  return total > 0 ? { value: value / total, low: low / total, high: high / total } : undefined;
}
