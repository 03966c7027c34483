import { type BoundedValue, type Histogram, knownValue, quantileOf, shareAbove } from '../base/histogram/histogram.ts';
import { findTail, MIN_RATIO, NOTICEABLE_SECONDS } from './tail.ts';

/**
 * The slow requests of an endpoint.
 * @property share    of the timed requests
 * @property isApart  whether they are apart from the others, and not only the slow end of one distribution
 * @property seconds  their median where they are apart; else the p99, and all of them take longer than its `low`
 * @property median   of all timed requests
 * @property ratio    seconds / median
 */
export interface SlowRequests {
  readonly share: number;
  readonly isApart: boolean;
  readonly seconds: BoundedValue;
  readonly median: BoundedValue;
  readonly ratio: BoundedValue;
}

/** With fewer, less than one request is above the p99. */
const MIN_P99_REQUESTS = 100;

/** Those that are apart from the others, else about the slowest 1 %. @returns undefined where they are not noticeably slow */
export function findSlowRequests(histogram: Histogram): SlowRequests | undefined {
  const median = quantileOf(histogram, 0.5);
  const p99 = quantileOf(histogram, 0.99);
  if (median === undefined || p99 === undefined || median.high === Number.POSITIVE_INFINITY) return undefined;
  const tail = findTail(histogram);
  if (tail !== undefined) return { ...tail, isApart: true, ratio: ratioOf(tail.seconds, median) };
  const ratio = ratioOf(p99, median);
  if (histogram.total < MIN_P99_REQUESTS || knownValue(p99) < NOTICEABLE_SECONDS || ratio.value < MIN_RATIO)
    return undefined;
  // Counted at the bound of a bucket, the share is exact. In a wide bucket, or above the top bound, it is more than 1 %.
  const share = shareAbove(histogram, p99.low)?.value ?? 0;
  return { share, isApart: false, seconds: p99, median, ratio };
}

const ratioOf = (slow: BoundedValue, median: BoundedValue): BoundedValue => ({
  value: knownValue(slow) / median.value,
  low: slow.low / median.high,
  high: median.low > 0 ? slow.high / median.low : Number.POSITIVE_INFINITY,
});
