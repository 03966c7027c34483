import type { Comparison, Method } from '../../../statistics/model.ts';
import { MIN_ROUNDS } from '../options.ts';
import { formatConfidence, formatLength, formatShare } from './format.ts';

const METHODS: Readonly<Record<Method, string>> = {
  rounds:
    'Both builds ran by turns under the same load, in an order made by chance. Each round gives one difference of a measure, and the spread of these differences says how much is chance.',
  periods:
    'One side ran after the other, so the difference includes all else that changed. Each side is cut into windows. A machine drifts, so windows that follow each other are alike, and tell less than their number suggests: the error of the difference allows for drifts of many sizes and lengths, as far as they explain the windows.',
  versions:
    'Both versions served at the same time. Both sides are cut into the same windows, and each gives one difference: what changes both sides in the same way is no difference. What drifts in these differences is allowed for.',
};

/** How a comparison was made, for `--explain`: one paragraph for each subject. */
export function explain({ method, confidence, durations, sides }: Comparison): string[] {
  const [level, risk] = [formatConfidence(confidence), formatShare(1 - confidence)];
  const needs =
    method === 'rounds'
      ? [`${MIN_ROUNDS} rounds`]
      : durations.map(({ needed }, i) => `${formatLength(needed, Math.ceil)} of ${sides[i]?.name}`);
  return [
    `Method. ${METHODS[method]} Needed: ${needs.join(' and ')}, or more.`,
    'Scale. Durations are compared by their logarithms, so their change is relative. Shares are compared by their difference, in percentage points.',
    `Correction. All measures of the service and of all endpoints are corrected together, by Holm's method: if nothing changed, the chance of any claim is ${risk} at most. Each interval holds at ${level} by itself, so one without 0 in it may still be no evidence.`,
    'Weighting. Both sides of the service have the endpoint mix of the first side, so a shift in traffic is no change.',
    'Start-up. The time after the start of a process in which requests were clearly slower than later is left out, except in rounds.',
    'Resolution. Percentiles of a fine histogram are at most 2.2 % off, and in 95 of 100 samples at most 1.1 %. Of explicit buckets, as from Prometheus, only the bucket is known. No change is claimed that the buckets can explain, and no interval is narrower than they are. Means, and shares over one of the bounds, are exact.',
    'Requests. A percentile needs 10 requests above it on each side: p50 20, p90 100, p99 1,000, and some of them in each round or window. A share needs 10 slow or failed requests.',
  ];
}
