import { findTail, hidesTail, type Tail } from '../../../statistics/tail.ts';
import { type Estimate, secondsOf } from './estimate.ts';
import type { RequestTotals } from './request-totals.ts';

/** @returns p99 / p50; undefined when one of them has no number */
export function tailRatio(p99: Estimate, p50: Estimate): number | undefined {
  const [slow, median] = [secondsOf(p99), secondsOf(p50)];
  if (slow === undefined || median === undefined || median === 0) return undefined;
  return slow / median;
}

/** @returns the slow requests that a mean does not show; undefined where there are none */
export function hiddenTail({ histogram, mean }: RequestTotals): Tail | undefined {
  const tail = mean === undefined ? undefined : findTail(histogram);
  return tail !== undefined && hidesTail(mean as number, tail) ? tail : undefined;
}
