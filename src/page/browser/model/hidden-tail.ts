import { findTail, hidesTail } from '../../../statistics/tail.ts';
import { type Estimate, secondsOf } from './estimate.ts';
import type { RequestTotals } from './request-totals.ts';

/** People notice waits from here on. @see https://www.nngroup.com/articles/response-times-3-important-limits/ */
const NOTICEABLE_SECONDS = 0.1;
/** From this p99 / p50 on, the slowest requests are marked. */
const MIN_TAIL_RATIO = 10;
/** A mean this many times smaller than the p99 hides it. */
const MIN_MEAN_RATIO = 4;

/**
 * Slow requests that the mean of an endpoint does not show.
 * @property share   of the timed requests
 * @property isApart whether they all take about `seconds`, far from the other requests. Otherwise `seconds` is the p99, and the
 *                   share of 1 in 100 takes longer
 * @property median  of all timed requests, in seconds
 */
export interface HiddenTail {
  readonly share: number;
  readonly isApart: boolean;
  readonly seconds: number;
  readonly median: number;
}

/** @returns p99 / p50; undefined when one of them has no number */
export function tailRatio(p99: Estimate, p50: Estimate): number | undefined {
  const [slow, median] = [secondsOf(p99), secondsOf(p50)];
  if (slow === undefined || median === undefined || median === 0) return undefined;
  return slow / median;
}

/** @returns undefined where there are none, or the mean shows them */
export function hiddenTail({ histogram, mean }: RequestTotals, p99: Estimate, p50: Estimate): HiddenTail | undefined {
  if (mean === undefined) return undefined;
  const tail = findTail(histogram);
  if (tail !== undefined && hidesTail(mean, tail)) {
    const { share, seconds, median } = tail;
    return { share, isApart: true, seconds: seconds.value, median: median.value };
  }
  const [slow, median] = [secondsOf(p99), secondsOf(p50)];
  if (slow === undefined || median === undefined || (tailRatio(p99, p50) ?? 0) < MIN_TAIL_RATIO) return undefined;
  if (slow < NOTICEABLE_SECONDS || mean > slow / MIN_MEAN_RATIO) return undefined;
  return { share: 0.01, isApart: false, seconds: slow, median };
}
