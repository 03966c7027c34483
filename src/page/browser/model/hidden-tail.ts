import { findSlowRequests } from '../../../statistics/slow-requests.ts';
import { hidesTail } from '../../../statistics/tail.ts';
import { type Estimate, secondsOf } from './estimate.ts';
import type { RequestTotals } from './request-totals.ts';

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
export function hiddenTail({ histogram, mean }: Pick<RequestTotals, 'histogram' | 'mean'>): HiddenTail | undefined {
  const slow = mean === undefined ? undefined : findSlowRequests(histogram);
  if (mean === undefined || slow === undefined || !hidesTail(mean, slow)) return undefined;
  const { share, isApart, seconds, median } = slow;
  return { share, isApart, seconds: seconds.value, median: median.value };
}
