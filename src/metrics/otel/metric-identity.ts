import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';

/** An increment of a counter or a histogram: it may be added to a total of any process. */
export type Additive = MetricData & { dataPoints: DataPoint<number | Histogram>[] };

/** Everything else is a state: an up-down counter or a gauge. Exponential histograms do not add up: their buckets differ. */
export function isAdditive(metric: MetricData): metric is Additive {
  return (
    metric.aggregationTemporality === AggregationTemporality.DELTA &&
    (metric.dataPointType === DataPointType.SUM || metric.dataPointType === DataPointType.HISTOGRAM)
  );
}

/** Equal for the same metric of any process. Histograms with other bounds cannot be added, so they are another metric. */
export function metricKey({ name, version = '', schemaUrl = '' }: ScopeMetrics['scope'], metric: MetricData): string {
  const { descriptor, dataPointType } = metric;
  const kind = dataPointType === DataPointType.SUM ? (metric.isMonotonic ? 'counter' : 'sum') : dataPointType;
  return [name, version, schemaUrl, descriptor.name, descriptor.unit, kind, boundsOf(metric).join()].join('\n');
}

export function boundsOf(metric: MetricData): readonly number[] {
  if (metric.dataPointType !== DataPointType.HISTOGRAM) return [];
  return metric.dataPoints[0]?.value.buckets.boundaries ?? [];
}
