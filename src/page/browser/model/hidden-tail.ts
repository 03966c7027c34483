import { type Estimate, secondsOf } from './estimate.ts';

/** People notice waits from here on. @see https://www.nngroup.com/articles/response-times-3-important-limits/ */
const NOTICEABLE_SECONDS = 0.1;
/** From this p99 / p50 on, the slowest requests are marked. */
const MIN_TAIL_RATIO = 10;
/** A mean this many times smaller than the p99 hides it. */
const MIN_MEAN_RATIO = 4;

/** @returns p99 / p50; undefined when one of them has no number */
export function tailRatio(p99: Estimate, p50: Estimate): number | undefined {
  const [slow, median] = [secondsOf(p99), secondsOf(p50)];
  if (slow === undefined || median === undefined || median === 0) return undefined;
  return slow / median;
}

/** @returns whether the mean looks fine although the p99 is slow */
export function hidesTail(p99: Estimate, p50: Estimate, mean: number | undefined): boolean {
  const ratio = tailRatio(p99, p50);
  const slow = secondsOf(p99);
  if (ratio === undefined || slow === undefined || mean === undefined) return false;
  return slow >= NOTICEABLE_SECONDS && ratio >= MIN_TAIL_RATIO && mean <= slow / MIN_MEAN_RATIO;
}
