import type { DataPoint, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';

/**
 * The SDK takes any attributes an app gives: `counter.add(1, '/users')` makes a series whose attributes are a text. Here
 * all are objects, as everybody expects who reads them: one slip of the app would otherwise end every scrape.
 */
export const sanitizeAttributes = (scopes: readonly ScopeMetrics[]): ScopeMetrics[] =>
  scopes.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(ofObjects) }));

function ofObjects(metric: MetricData): MetricData {
  const points = metric.dataPoints as DataPoint<unknown>[];
  if (points.every(({ attributes }) => isLabels(attributes))) return metric;
  const dataPoints = points.map((point) =>
    isLabels(point.attributes) ? point : { ...point, attributes: { ...(point.attributes as object) } },
  );
  return { ...metric, dataPoints } as MetricData;
}

const isLabels = (attributes: unknown): boolean =>
  typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes);
