import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';

/** A counter's increment or a histogram's: what may be added to a total, whoever counted it. */
export type Additive = MetricData & { dataPoints: DataPoint<number | Histogram>[] };

/** Everything else is a state: an up-down counter, a gauge. Two exponential histograms have no common buckets. */
export function isAdditive(metric: MetricData): metric is Additive {
  return (
    metric.aggregationTemporality === AggregationTemporality.DELTA &&
    (metric.dataPointType === DataPointType.SUM || metric.dataPointType === DataPointType.HISTOGRAM)
  );
}

/** What is one metric, whoever reports it. Histograms of other bounds cannot be added, so theirs are another. */
export function metricKey({ name, version = '', schemaUrl = '' }: ScopeMetrics['scope'], metric: MetricData): string {
  const { descriptor, dataPointType } = metric;
  const kind = dataPointType === DataPointType.SUM ? (metric.isMonotonic ? 'counter' : 'sum') : dataPointType;
  return [name, version, schemaUrl, descriptor.name, descriptor.unit, kind, boundsOf(metric).join()].join('\n');
}

export function boundsOf(metric: MetricData): readonly number[] {
  if (metric.dataPointType !== DataPointType.HISTOGRAM) return [];
  return metric.dataPoints[0]?.value.buckets.boundaries ?? [];
}
