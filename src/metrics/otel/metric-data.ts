import type { Attributes, HrTime } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { FineHistogram } from '../../base/histogram/fine-histogram.ts';
import type { ExportedInstrument } from './exported-instrument.ts';

/** The time that values are of. */
export interface Interval {
  readonly temporality: 'cumulative' | 'delta';
  readonly start: HrTime;
  readonly end: HrTime;
}

/** @property fine  the same values in narrow buckets: their sum; undefined where they are not exported */
export interface HistogramWithFine extends Histogram {
  fine?: FineHistogram[];
}

export const point = <T>(attributes: Attributes, value: T, { start, end }: Interval): DataPoint<T> => ({
  attributes,
  startTime: start,
  endTime: end,
  value,
});

export function sumMetric(
  { descriptor }: ExportedInstrument,
  dataPoints: DataPoint<number>[],
  isMonotonic: boolean,
  interval: Interval,
): MetricData {
  const aggregationTemporality = temporalityOf(interval);
  return { descriptor, dataPointType: DataPointType.SUM, aggregationTemporality, isMonotonic, dataPoints };
}

export function histogramMetric(
  { descriptor }: ExportedInstrument,
  dataPoints: DataPoint<Histogram>[],
  interval: Interval,
): MetricData {
  const aggregationTemporality = temporalityOf(interval);
  return { descriptor, dataPointType: DataPointType.HISTOGRAM, aggregationTemporality, dataPoints };
}

export function exponentialHistogramMetric(
  { descriptor }: ExportedInstrument,
  dataPoints: DataPoint<ExponentialHistogram>[],
  interval: Interval,
): MetricData {
  const aggregationTemporality = temporalityOf(interval);
  return { descriptor, dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM, aggregationTemporality, dataPoints };
}

const temporalityOf = ({ temporality }: Interval): AggregationTemporality =>
  temporality === 'delta' ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
