import { type BoundedValue, quantileOf, shareAbove } from '../base/histogram/histogram.ts';
import type { EndpointTotals, Measure } from './model.ts';

const QUANTILES: Readonly<Partial<Record<Measure, number>>> = { p50: 0.5, p90: 0.9, p99: 0.99 };
/** So that a logarithm exists; in seconds. */
const MIN_SECONDS = 1e-6;

/** Whether the measure is a share from 0 to 1, and not a duration. */
export const isShare = (measure: Measure): boolean => measure === 'slow' || measure === 'errors';

/** Requests that the measure is of. */
export const sampleSize = (measure: Measure, { requests, histogram }: EndpointTotals): number =>
  measure === 'errors' ? requests : histogram.total;

/** Requests that decide the measure: of a percentile, those above it; of a share, those that it counts. */
export function decisiveRequests(measure: Measure, totals: EndpointTotals, objective: number): number {
  const q = QUANTILES[measure];
  if (q !== undefined) return totals.histogram.total * (1 - q);
  if (measure === 'mean') return totals.histogram.total;
  return (measureOf(measure, totals, objective)?.value ?? 0) * sampleSize(measure, totals);
}

/** @returns undefined without requests */
export function measureOf(measure: Measure, totals: EndpointTotals, objective: number): BoundedValue | undefined {
  const size = sampleSize(measure, totals);
  if (size <= 0) return undefined;
  const q = QUANTILES[measure];
  if (q !== undefined) return quantileOf(totals.histogram, q);
  if (measure === 'slow') return shareSlower(totals, objective);
  const value = measure === 'mean' ? totals.seconds / size : totals.errors / size;
  return { value, low: value, high: value };
}

/** The share above the objective: exact where the source has a bound there. */
export function shareSlower({ histogram, buckets }: EndpointTotals, objective: number): BoundedValue | undefined {
  return shareAbove(buckets?.bounds.includes(objective) ? buckets : histogram, objective);
}

/**
 * The measure on the scale that differences are tested on: the logarithm of seconds, or the share. Above the top bound it is
 * that bound, so that a difference is underestimated and never overestimated.
 * @returns undefined with less than one request in the tail
 */
export function scaledMeasure(measure: Measure, totals: EndpointTotals, objective: number): number | undefined {
  const size = sampleSize(measure, totals);
  if (size < 1 - 1e-9 || size * (1 - (QUANTILES[measure] ?? 0)) < 1 - 1e-9) return undefined;
  const found = measureOf(measure, totals, objective);
  if (found === undefined || isShare(measure)) return found?.value;
  return Math.log(Math.max(Number.isFinite(found.value) ? found.value : found.low, MIN_SECONDS));
}
