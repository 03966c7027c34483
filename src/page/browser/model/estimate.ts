import { quantile, totalCount } from '../../../base/histogram.ts';

/**
 * What a histogram tells about a percentile.
 * @property samples number of measured durations
 * @property needed  with fewer samples, less than one of them lies above the percentile
 * @property seconds interpolated within the bucket
 * @property low     lower bound of the bucket, in seconds; of the kind `over`, the top bound
 * @property high    upper bound of the bucket
 * @property small   fewer than ten samples lie above the percentile
 */
export type Estimate =
  | { readonly kind: 'few'; readonly samples: number; readonly needed: number }
  | { readonly kind: 'over'; readonly samples: number; readonly low: number; readonly small: boolean }
  | {
      readonly kind: 'value';
      readonly samples: number;
      readonly seconds: number;
      readonly low: number;
      readonly high: number;
      readonly small: boolean;
    };

const SMALL_SAMPLE_FACTOR = 10;

/** @param counts of each bucket; the last one has no upper bound */
export function estimate(bounds: readonly number[], counts: readonly number[], q: number): Estimate {
  const samples = totalCount(counts);
  const needed = Math.round(1 / (1 - q));
  const found = quantile(bounds, counts, q);
  if (found === undefined || samples < needed) return { kind: 'few', samples, needed };
  const small = samples < SMALL_SAMPLE_FACTOR * needed;
  const { value, low, high } = found;
  // All that is known above the top bound is that it is above.
  if (!Number.isFinite(value)) return { kind: 'over', samples, low, small };
  return { kind: 'value', samples, seconds: value, low, high, small };
}

/** As a number to sort and draw: infinite above the top bound, undefined with too few samples. */
export function comparableSeconds(estimate: Estimate): number | undefined {
  if (estimate.kind === 'few') return undefined;
  return estimate.kind === 'over' ? Number.POSITIVE_INFINITY : estimate.seconds;
}
