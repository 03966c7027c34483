import { type BoundedValue, type Bucket, knownValue, quantileOf, shareAbove } from '../base/histogram/histogram.ts';
import { freeze } from './frozen-histogram.ts';
import type { EndpointTotals, Measure } from './model.ts';

const QUANTILES: Readonly<Partial<Record<Measure, number>>> = { p50: 0.5, p90: 0.9, p99: 0.99 };
/** So that a logarithm exists; in seconds. */
const MIN_SECONDS = 1e-6;
/** A percentile of a short stretch of time needs some requests above it; a mean and a share need some at all. */
const MIN_TAIL = 3;
const MIN_SAMPLE = 10;

/** Whether the measure is a share from 0 to 1, and not a duration. */
export const isShare = (measure: Measure): boolean => measure === 'slow' || measure === 'errors';

/** Requests that the measure is of. */
export const sampleSize = (measure: Measure, { requests, histogram }: EndpointTotals): number =>
  measure === 'errors' ? requests : freeze(histogram).total;

/** Requests that decide the measure: of a percentile, those above it; of a share, those that it counts. */
export function decisiveRequests(measure: Measure, totals: EndpointTotals, objective: number): number {
  const size = sampleSize(measure, totals);
  if (isShare(measure)) return (measureOf(measure, totals, objective)?.value ?? 0) * size;
  return size * (1 - (QUANTILES[measure] ?? 0));
}

/** Whether a stretch of time has enough requests to be one of the values that a difference is tested with. */
export function isMeasurable(measure: Measure, totals: EndpointTotals): boolean {
  const q = QUANTILES[measure];
  const size = sampleSize(measure, totals);
  return size >= MIN_SAMPLE && (q === undefined || size * (1 - q) >= MIN_TAIL - 1e-9);
}

/** @returns undefined without requests */
export function measureOf(measure: Measure, totals: EndpointTotals, objective: number): BoundedValue | undefined {
  const size = sampleSize(measure, totals);
  if (size <= 0) return undefined;
  const q = QUANTILES[measure];
  if (q !== undefined) return quantileOf(freeze(totals.histogram), q);
  if (measure === 'slow') return shareSlower(totals, objective);
  const value = measure === 'mean' ? totals.seconds / size : totals.errors / size;
  return { value, low: value, high: value };
}

/** The share above the objective: exact where the source has a bound there. */
export function shareSlower({ histogram, buckets }: EndpointTotals, objective: number): BoundedValue | undefined {
  return shareAbove(freeze(buckets?.bounds.includes(objective) ? buckets : histogram), objective);
}

/**
 * The scale that differences are tested on: the logarithm of seconds; of a share its angle, on which the noise of requests
 * does not depend on the share, and on which a share can be 0.
 * @see https://en.wikipedia.org/wiki/Arcsine_transformation
 */
export const toScale = (measure: Measure, value: number): number =>
  isShare(measure) ? Math.asin(Math.sqrt(Math.min(1, Math.max(0, value)))) : Math.log(value);

/** The share of an angle: from 0 to 1, also for the ends of intervals. */
export const shareOfAngle = (angle: number): number => Math.sin(Math.min(Math.PI / 2, Math.max(0, angle))) ** 2;

/**
 * A measure on the scale that differences are tested on. Above the top bound it is that bound, so that a difference is
 * underestimated and never overestimated.
 */
export function scaledMeasure(measure: Measure, totals: EndpointTotals, objective: number): number {
  if (isShare(measure)) return toScale(measure, likelyShare(measure, totals, objective));
  const found = measureOf(measure, totals, objective);
  return toScale(measure, atLeastMinimum(found));
}

const atLeastMinimum = (found: BoundedValue | undefined): number =>
  Math.max(found === undefined ? 0 : knownValue(found), MIN_SECONDS);

/** Agresti and Caffo: one request more of either kind. No event in some requests does not prove a share of 0. */
export const likelyShare = (measure: Measure, totals: EndpointTotals, objective: number): number =>
  (decisiveRequests(measure, totals, objective) + 1) / (sampleSize(measure, totals) + 2);

/** The variance that the scaled measure of a single request would have; that of n independent requests is an n-th of it. */
export function unitVariance(measure: Measure, totals: EndpointTotals): number {
  if (isShare(measure)) return 1 / 4;
  const q = QUANTILES[measure];
  return q === undefined ? relativeVariance(totals) : q * (1 - q) * slopeAt(totals, q) ** 2;
}

/** The derivative of the logarithm of the quantile. */
function slopeAt({ histogram }: EndpointTotals, q: number): number {
  const reach = (1 - q) / 4;
  const logAt = (rank: number) => Math.log(atLeastMinimum(quantileOf(freeze(histogram), rank)));
  return Math.max((logAt(q + reach) - logAt(q - reach)) / (2 * reach), 1e-3);
}

function relativeVariance({ histogram }: EndpointTotals): number {
  let [total, sum, squares] = [0, 0, 0];
  for (const bucket of freeze(histogram).buckets()) {
    const value = middleOf(bucket);
    total += bucket.count;
    sum += bucket.count * value;
    squares += bucket.count * value * value;
  }
  return sum > 0 ? Math.max((squares * total) / (sum * sum) - 1, 1e-6) : 1e-6;
}

/** A value in the bucket. */
export const middleOf = ({ low, high }: Bucket): number =>
  high === Number.POSITIVE_INFINITY ? low : low === 0 ? high / 2 : Math.sqrt(low * high);
