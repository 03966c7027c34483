import type { Comparison, Method } from '../../../statistics/model.ts';
import { MIN_ROUNDS } from '../options.ts';
import { formatConfidence, formatLength, formatShare } from './format.ts';

const DRIFTS =
  'drifts of many sizes, which last from one minute to eight, each weighted by how well it explains the windows and by how usual it is';

const METHODS: Readonly<Record<Method, string>> = {
  rounds:
    "Both builds ran by turns under the same load, in random order. Each round gives one difference of a measure, and the spread of these differences says how much is chance (Student's t).",
  periods: `One side ran after the other, so the difference includes everything else that changed. Each side is cut into windows of nearly equal length, and their spread says how much is chance. A machine drifts, so windows that follow each other are alike, and tell less than their number suggests: the error allows for ${DRIFTS}.`,
  versions: `Both versions served at the same time. Both sides are cut into the same windows, and each window gives one difference: what changes both sides in the same way is no difference. The error of these differences allows for ${DRIFTS}.`,
};

/** How a comparison was made, for `--explain`: one paragraph for each subject. */
export function explain({ method, confidence, durations, sides }: Comparison): string[] {
  const [level, risk] = [formatConfidence(confidence), formatShare(1 - confidence)];
  const needs =
    method === 'rounds'
      ? [`${MIN_ROUNDS} rounds`]
      : durations.map(({ needed }, i) => `${formatLength(needed, Math.ceil)} of ${sides[i]?.name}`);
  const parts = method === 'rounds' ? `${MIN_ROUNDS} rounds` : 'each window';
  return [
    `Method. ${METHODS[method]} The difference itself is that of all requests, and its error is at least that of requests that do not depend on each other. Needed: ${needs.join(' and ')}, or more.`,
    'Scale. Durations are compared by their logarithms, so their change is relative. Shares are compared on the arcsine scale: by the angle whose sine is the square root of the share. There, chance is as large for rare requests as for frequent ones, and a share of 0 has a place. For the test, each side has one more request of either kind, because no failure among a few requests does not prove that there is none. The change of a share is printed as a difference in percentage points.',
    `Correction. All measures of the service and of all endpoints are corrected together, by Holm's method: if nothing changed, the chance of any claim is ${risk} at most. Each interval holds at ${level} by itself, so one without 0 in it may still be no evidence.`,
    'Weighting. Both sides of the service have the endpoint mix of the first side, so a shift in traffic is no change. Where a few requests stand for much of that mix, the service counts as fewer requests.',
    'Start-up. The time after the start of a process in which requests were clearly slower than later is left out, except in rounds. Only snapshots say when processes started: with Prometheus, nothing is left out.',
    'Resolution. Percentiles of a fine histogram are at most 2.2 % off (4.4 % where durations of one endpoint differ more than a million times), and in 95 of 100 samples at most 1.1 %. Of explicit buckets, as from Prometheus, only the bucket is known. No change of a percentile is claimed that the buckets can explain, and no interval is narrower than they are. Means, shares of failed requests, and shares over one of the bounds are exact.',
    `Requests. A percentile needs 10 requests above it on each side (p50 20, p90 100, p99 1,000); in ${parts} p50 needs 10, p90 30 and p99 300. The mean and the shares need 10 requests in ${parts}. A share also needs 10 slow or failed requests, on both sides together.`,
  ];
}
