import { type Histogram, quantilesOf } from '../../../base/histogram/histogram.ts';

/**
 * What a histogram tells about a percentile.
 * @property samples number of measured durations
 * @property needed  with fewer samples, less than one of them lies above the percentile
 * @property seconds within its bucket, as `apm compare` and `apm report` show it
 * @property low     lower bound of the bucket, in seconds
 * @property high    upper bound of the bucket
 * @property small   fewer than ten samples lie above the percentile
 */
export type Estimate =
  | { readonly kind: 'few'; readonly samples: number; readonly needed: number }
  | {
      readonly kind: 'value';
      readonly samples: number;
      readonly seconds: number;
      readonly low: number;
      readonly high: number;
      readonly small: boolean;
    };

const SMALL_SAMPLE_FACTOR = 10;

export function estimates(histogram: Histogram, quantiles: readonly number[]): Estimate[] {
  const samples = histogram.total;
  return quantilesOf(histogram, quantiles).map((found, i) => {
    const needed = Math.round(1 / (1 - (quantiles[i] as number)));
    if (found === undefined || samples < needed) return { kind: 'few', samples, needed };
    const small = samples < SMALL_SAMPLE_FACTOR * needed;
    return { kind: 'value', samples, seconds: found.value, low: found.low, high: found.high, small };
  });
}

/** How far the percentile may be from the true one, relative to it: the width of its bucket. */
export const errorOf = ({ low, high }: { readonly low: number; readonly high: number }): number =>
  low === 0 ? 0 : high / low - 1;

export const estimate = (histogram: Histogram, q: number): Estimate => estimates(histogram, [q])[0] as Estimate;

/** As a number to sort and draw: undefined with too few samples. */
export const secondsOf = (estimate: Estimate): number | undefined =>
  estimate.kind === 'few' ? undefined : estimate.seconds;

/** @returns p99 / p50; undefined when one of them has no number */
export function tailRatio(p99: Estimate, p50: Estimate): number | undefined {
  const [slow, median] = [secondsOf(p99), secondsOf(p50)];
  if (slow === undefined || median === undefined || median === 0) return undefined;
  return slow / median;
}
