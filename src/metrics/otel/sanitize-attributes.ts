import type { DataPoint, MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Makes every point's attributes an object, as all readers expect. The SDK accepts anything: `counter.add(1, '/users')`
 * makes a series whose attributes are a text, and that one mistake of the app would fail every scrape.
 */
export const sanitizeAttributes = (scopes: readonly ScopeMetrics[]): ScopeMetrics[] =>
  scopes.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(withObjects) }));

function withObjects(metric: MetricData): MetricData {
  const points = metric.dataPoints as DataPoint<unknown>[];
  if (points.every(({ attributes }) => isObject(attributes))) return metric;
  const dataPoints = points.map((point) =>
    isObject(point.attributes) ? point : { ...point, attributes: { ...(point.attributes as object) } },
  );
  return { ...metric, dataPoints } as MetricData;
}

const isObject = (attributes: unknown): boolean =>
  typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes);
