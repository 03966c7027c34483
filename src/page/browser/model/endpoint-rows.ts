import { type HiddenTail, hiddenTail } from '../../../statistics/hidden-tail.ts';
import { type Estimate, estimates, tailRatio } from './estimate.ts';
import type { RequestTotals } from './request-totals.ts';

/**
 * A row of the endpoint table.
 * @property tailRatio p99 / p50
 * @property timeShare of the total response time of all endpoints, 0 to 1
 * @property tail      slow requests that its mean hides
 */
export interface EndpointRow {
  readonly key: string;
  readonly totals: RequestTotals;
  readonly p99: Estimate;
  readonly p50: Estimate;
  readonly tailRatio: number | undefined;
  readonly timeShare: number;
  readonly tail: HiddenTail | undefined;
}

/** Sorted by the time spent, which is the order of endpoints without a p99. */
export function endpointRows(totalsByKey: ReadonlyMap<string, RequestTotals>): EndpointRow[] {
  const seconds = Array.from(totalsByKey.values()).reduce((sum, totals) => sum + totals.seconds, 0);
  return Array.from(totalsByKey, ([key, totals]) => {
    const [p99, p50] = estimates(totals.histogram, [0.99, 0.5]) as [Estimate, Estimate];
    return {
      key,
      totals,
      p99,
      p50,
      tailRatio: tailRatio(p99, p50),
      timeShare: seconds > 0 ? totals.seconds / seconds : 0,
      tail: hiddenTail(totals),
    };
  }).sort((a, b) => b.totals.seconds - a.totals.seconds);
}
