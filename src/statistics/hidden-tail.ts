import type { Histogram } from '../base/histogram/histogram.ts';
import { findSlowRequests } from './slow-requests.ts';
import { hidesTail } from './tail.ts';

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

interface Timed {
  readonly histogram: Histogram;
  readonly mean: number | undefined;
}

/** @returns undefined where there are none, or the mean shows them */
export function hiddenTail({ histogram, mean }: Timed): HiddenTail | undefined {
  const slow = mean === undefined ? undefined : findSlowRequests(histogram);
  if (mean === undefined || slow === undefined || !hidesTail(mean, slow)) return undefined;
  const { share, isApart, seconds, median } = slow;
  return { share, isApart, seconds: seconds.value, median: median.value };
}
