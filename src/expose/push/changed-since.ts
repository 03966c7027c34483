import { AggregationTemporality, DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { metricKey } from '../../metrics/otel/metric-identity.ts';

/** The total of each metric, over all its series. */
export type CountByMetric = ReadonlyMap<string, number>;

export function countByMetric(scopes: readonly ScopeMetrics[]): CountByMetric {
  return new Map(scopes.flatMap(({ scope, metrics }) => metrics.map((each) => [metricKey(scope, each), sum(each)])));
}

/** Whether a receiver that has `known` is missing something. */
export function hasChangedSince(scopes: readonly ScopeMetrics[], known: CountByMetric): boolean {
  return scopes.some(({ scope, metrics }) =>
    metrics.some((metric) =>
      metric.aggregationTemporality === AggregationTemporality.DELTA
        ? sum(metric) > 0
        : sum(metric) !== (known.get(metricKey(scope, metric)) ?? 0),
    ),
  );
}

function sum(metric: MetricData): number {
  if (metric.dataPointType === DataPointType.SUM || metric.dataPointType === DataPointType.GAUGE) {
    return metric.dataPoints.reduce((all, { value }) => all + value, 0);
  }
  return (metric.dataPoints as { value: { count: number } }[]).reduce((all, { value }) => all + value.count, 0);
}
