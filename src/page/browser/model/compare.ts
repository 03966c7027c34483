import { endpointBatches, type Period, sumBatches } from './batches.ts';
import { welchMargin } from './confidence-interval.ts';
import { type Estimate, estimate, secondsOf } from './estimate.ts';
import type { RequestTotals } from './request-totals.ts';

const QUANTILES = [0.5, 0.9, 0.99] as const;

/**
 * How a percentile changed.
 * - `few`: a batch has too few requests; each needs `needed`
 * - `within`: both are in one bucket with these bounds, which is as fine as the data is
 * - `over`: one of them, or one of their batches, is above the top bound
 * - `change`: `ratio` is after / before, 0.9 is 10 % faster; `low` and `high` bound its 95 % confidence interval, or what the
 *   buckets leave open where that is wider. `high` is infinite when the earlier one is in the first bucket.
 */
export type Outcome =
  | { readonly kind: 'few'; readonly needed: number }
  | { readonly kind: 'within'; readonly low: number; readonly high: number }
  | { readonly kind: 'over' }
  | { readonly kind: 'change'; readonly ratio: number; readonly low: number; readonly high: number };

/** An endpoint before and after. */
export interface Comparison {
  readonly key: string;
  readonly requests: { readonly before: number; readonly after: number };
  readonly quantiles: readonly QuantileComparison[];
}

export interface QuantileComparison {
  readonly q: number;
  readonly before: Estimate;
  readonly after: Estimate;
  readonly outcome: Outcome;
}

/** Compares each endpoint that has requests in both periods. Those with most requests come first. */
export function comparePeriods(before: Period, after: Period): Comparison[] {
  const later = endpointKeys(after);
  return Array.from(endpointKeys(before))
    .filter((key) => later.has(key))
    .map((key) => compareEndpoint(key, before, after))
    .sort((a, b) => b.requests.after - a.requests.after);
}

const endpointKeys = ({ batches }: Period) => new Set(batches.flatMap((batch) => Object.keys(batch)));

function compareEndpoint(key: string, before: Period, after: Period): Comparison {
  const [batchesBefore, batchesAfter] = [endpointBatches(before, key), endpointBatches(after, key)];
  const totalsBefore = sumBatches(batchesBefore);
  const totalsAfter = sumBatches(batchesAfter);
  return {
    key,
    requests: { before: totalsBefore.requests, after: totalsAfter.requests },
    quantiles: QUANTILES.map((q) => {
      const sides = {
        before: estimate(totalsBefore.histogram, q),
        after: estimate(totalsAfter.histogram, q),
      };
      const logs = { before: logSeconds(batchesBefore, q), after: logSeconds(batchesAfter, q) };
      if (logs.before === undefined || logs.after === undefined) {
        return { q, ...sides, outcome: { kind: 'few', needed: Math.round(1 / (1 - q)) } };
      }
      return { q, ...sides, outcome: judge(sides.before, sides.after, logs.before, logs.after) };
    }),
  };
}

/** @returns the logarithm of each batch's percentile; undefined when a batch has too few requests */
function logSeconds(batches: readonly RequestTotals[], q: number): number[] | undefined {
  const logs: number[] = [];
  for (const { histogram } of batches) {
    const seconds = secondsOf(estimate(histogram, q));
    if (seconds === undefined) return undefined;
    logs.push(Math.log(seconds));
  }
  return logs;
}

/** Compares batches and not single requests, because the spread of batches contains slow changes of the load. */
function judge(
  before: Estimate,
  after: Estimate,
  logsBefore: readonly number[],
  logsAfter: readonly number[],
): Outcome {
  const isBelowTop = [...logsBefore, ...logsAfter].every(Number.isFinite);
  if (before.kind !== 'value' || after.kind !== 'value' || !isBelowTop) return { kind: 'over' };
  if (before.low === after.low) return { kind: 'within', low: before.low, high: after.high };
  const difference = Math.log(after.seconds) - Math.log(before.seconds);
  const margin = welchMargin(logsBefore, logsAfter);
  // No batch knows where in its bucket a percentile lies: all five may be wrong by the same amount.
  return {
    kind: 'change',
    ratio: Math.exp(difference),
    low: Math.min(Math.exp(difference - margin), after.low / before.high),
    high: Math.max(Math.exp(difference + margin), after.high / before.low),
  };
}
