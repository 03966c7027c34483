import type { DataPoint, Histogram, MetricData } from '@opentelemetry/sdk-metrics';
import { addCounts, totalCount } from '../../base/counts.ts';
import type { FineHistogram } from '../../base/histogram/fine-histogram.ts';
import type { Series } from '../model.ts';
import { exponentialHistogram } from './exponential-histogram.ts';
import type { ExportedInstrument } from './exported-instrument.ts';
import { exponentialHistogramMetric, type HistogramWithFine, histogramMetric, type Interval } from './metric-data.ts';

/**
 * How durations are exported: with the bounds of `APM_BUCKETS`, with base-2 exponential buckets, or with both. Sizes always
 * have bounds.
 */
export type HistogramKind = 'explicit' | 'exponential' | 'both';

/** Makes the points of a histogram. @typeParam Sum  what several series add up to */
export interface HistogramForm<Sum> {
  /**
   * @param sum of the series before, which may be changed; undefined for the first
   * @returns undefined where no series had a value
   */
  add(sum: Sum | undefined, series: Series, bounds: readonly number[]): Sum | undefined;
  createMetric(instrument: ExportedInstrument, points: DataPoint<Sum>[], interval: Interval): MetricData;
}

export const EXPLICIT: HistogramForm<Histogram> = {
  add(before, { buckets, sum }, bounds) {
    const count = totalCount(buckets);
    if (count === 0) return before;
    if (before === undefined)
      return { buckets: { boundaries: bounds as number[], counts: buckets.slice() }, sum, count };
    addCounts(before.buckets.counts, buckets);
    before.sum = (before.sum as number) + sum;
    before.count += count;
    return before;
  },
  createMetric: histogramMetric,
};

interface FineSum {
  readonly fine: FineHistogram;
  readonly count: number;
  readonly sum: number;
  /** Else it is the histogram of a series, which must not be changed. */
  readonly isCopy: boolean;
}

export const EXPONENTIAL: HistogramForm<FineSum> = {
  add(before, { fine, buckets, sum }) {
    // Both histograms have the same values, and this one has fewer buckets.
    const count = totalCount(buckets);
    if (fine === undefined || count === 0) return before;
    if (before === undefined) return { fine, count, sum, isCopy: false };
    const total = before.isCopy ? before.fine : before.fine.copy();
    return { fine: total.add(fine), count: before.count + count, sum: before.sum + sum, isCopy: true };
  },
  createMetric: (instrument, points, interval) =>
    exponentialHistogramMetric(
      instrument,
      points.map(({ value: { fine, count, sum }, ...rest }) => ({
        ...rest,
        value: exponentialHistogram(fine, count, sum),
      })),
      interval,
    ),
};

export const BOTH: HistogramForm<HistogramWithFine> = {
  add(before, series, bounds) {
    const total: HistogramWithFine | undefined = EXPLICIT.add(before, series, bounds);
    // They are added up when they are written, because that takes longer than the rest of a conversion.
    if (total === undefined || series.fine === undefined) return total;
    if (total.fine === undefined) total.fine = [series.fine.copy()];
    else total.fine.push(series.fine.copy());
    return total;
  },
  createMetric: histogramMetric,
};
