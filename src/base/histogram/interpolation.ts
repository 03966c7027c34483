import type { Bucket } from './bucket.ts';

/** How the values of a bucket are taken to lie in it. */
export interface Interpolation {
  /**
   * The value at this share of a bucket, 0 to 1.
   * @param isAtEdge whether one of the neighbouring buckets is empty
   */
  valueAt(bucket: Bucket, share: number, isAtEdge: boolean): number;
  /** The share of a bucket that is not above this value, 0 to 1. */
  shareBelow(bucket: Bucket, value: number): number;
}

/** As in Prometheus. @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile */
export const LINEAR: Interpolation = {
  valueAt: ({ low, high }, share) => low + (high - low) * share,
  shareBelow: ({ low, high }, value) => (high === Number.POSITIVE_INFINITY ? 0 : (value - low) / (high - low)),
};

/**
 * On a logarithmic scale, as Prometheus does in native histograms, and with each value in the middle of its part of the
 * bucket. At an edge of the distribution, the values are not evenly spread: a constant duration is anywhere in its bucket,
 * and the middle is closest to it.
 */
export const LOGARITHMIC: Interpolation = {
  valueAt({ low, high, count }, share, isAtEdge) {
    if (low === 0) return 0;
    if (isAtEdge) return (low + high) / 2;
    return low * (high / low) ** Math.max(0, share - 0.5 / Math.max(1, count));
  },
  shareBelow: ({ low, high }, value) => (low === 0 ? 1 : Math.log(value / low) / Math.log(high / low)),
};
