/**
 * What is measured, in our own terms. A series is a set of labels with everything counted under it; an increment has the
 * same shape and holds what was added since some moment. OpenTelemetry's shapes are made in `otel/`, where they leave the process.
 */

import { addCounts } from '../base/counts.ts';
import type { FineHistogram } from '../base/histogram/fine-histogram.ts';

/** Undefined where the series does not have the label. */
export type LabelValue = string | number | undefined;
export type Labels = Readonly<Record<string, LabelValue>>;

/**
 * @property count    finished requests, or outgoing calls
 * @property sum      of their values, such as seconds or bytes; some requests have none, such as event streams
 * @property buckets  values in each bucket: one bucket for each bound, and one above the last; none without bounds
 * @property fine     the same values in narrow buckets, for everything of ours that shows percentiles; undefined where the kind has none
 */
export interface Counts {
  count: number;
  sum: number;
  readonly buckets: number[];
  readonly fine?: FineHistogram | undefined;
}

/**
 * The increments of a series have the same labels object as the series itself: it identifies the series quickly.
 * @property guessed  whether its path was only guessed from the shape of URLs. It is no part of the identity: it becomes
 *                    false once a framework has told the same path as a route
 */
export interface Series<L extends Labels = Labels> extends Counts {
  readonly labels: L;
  guessed: boolean;
}

/** Requests in flight with one method. */
export interface ActiveRequests {
  readonly method: string;
  /** As the details of a series. */
  readonly details?: string | undefined;
  requests: number;
}

/** A text that only requests in flight with the same labels have. */
export const activeKey = ({ method, details = '' }: ActiveRequests): string => `${method}\0${details}`;

/**
 * Counts one event with a value. A value that is no number, or negative, would spoil the sum and counts as 0: an app may have
 * replaced a clock that is read, or changed a header.
 */
export function countEvent(series: Counts, bounds: readonly number[], value: number): void {
  series.count++;
  addValue(series, bounds, value >= 0 ? value : 0);
}

/** Adds the value of an event that is counted: its bucket is the first whose bound is not below it. */
export function addValue(series: Counts, bounds: readonly number[], value: number): void {
  let bucket = 0;
  while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket++;
  (series.buckets[bucket] as number)++;
  series.fine?.record(value);
  series.sum += value;
}

export function addSeries(into: Counts, { count, sum, buckets, fine }: Counts): void {
  into.count += count;
  into.sum += sum;
  addCounts(into.buckets, buckets);
  if (fine !== undefined) into.fine?.add(fine);
}
