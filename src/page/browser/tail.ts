import { type Estimate, secondsOf } from './quantile.ts';

/** From here on a wait is noticed, in seconds. @see https://www.nngroup.com/articles/response-times-3-important-limits/ */
const NOTICED = 0.1;
/** A p99 so many times the p50 is another world than most people's. */
const GAP = 10;
/** A mean so many times smaller than the p99 hides it. */
const HIDDEN = 4;

/** p99 / p50; undefined where one of them cannot be told. */
export function gapOf(p99: Estimate, p50: Estimate): number | undefined {
  const [slow, half] = [secondsOf(p99), secondsOf(p50)];
  if (slow === undefined || half === undefined || half === 0 || half === Number.POSITIVE_INFINITY) return undefined;
  return slow / half;
}

/** Whether the mean looks fine and the p99 is not. */
export function hidesTail(p99: Estimate, p50: Estimate, mean: number | undefined): boolean {
  const gap = gapOf(p99, p50);
  const slow = secondsOf(p99);
  if (gap === undefined || slow === undefined || mean === undefined) return false;
  return slow >= NOTICED && gap >= GAP && mean <= slow / HIDDEN;
}
