import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { addCounts } from '../../base/counts.ts';
import { addExponentialHistograms } from '../../metrics/otel/exponential-histogram.ts';

type Scope = ResourceMetrics['scopeMetrics'][number]['scope'];

/**
 * Adds the deltas of pushes that failed to the latest collection, so that the sum over all pushes that arrived is the
 * total. Totals and gauges are taken from the latest collection.
 * @param pending the last push that failed, with all deltas before it
 */
export function addPendingDeltas(pending: ResourceMetrics | undefined, latest: ResourceMetrics): ResourceMetrics {
  const waiting = pending?.scopeMetrics.flatMap(({ scope, metrics }) =>
    metrics.filter(isAddable).map((metric) => ({ scope, metric })),
  );
  if (waiting === undefined || waiting.length === 0) return latest;
  const scopes = latest.scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.slice() }));
  for (const { scope, metric } of waiting) {
    const found = scopes.find((other) => scopeKey(other.scope) === scopeKey(scope));
    const metrics = found?.metrics ?? [];
    if (found === undefined) scopes.push({ scope, metrics });
    const i = metrics.findIndex((other) => isSameMetric(other, metric));
    if (i < 0) metrics.push(metric);
    else metrics[i] = addMetric(metric, metrics[i] as MetricData);
  }
  return { resource: latest.resource, scopeMetrics: scopes };
}

const isAddable = ({ aggregationTemporality, dataPointType }: MetricData): boolean =>
  aggregationTemporality === AggregationTemporality.DELTA && dataPointType !== DataPointType.GAUGE;

const scopeKey = ({ name, version, schemaUrl }: Scope): string => JSON.stringify([name, version, schemaUrl]);

const isSameMetric = (a: MetricData, b: MetricData): boolean =>
  a.descriptor.name === b.descriptor.name &&
  a.descriptor.unit === b.descriptor.unit &&
  a.dataPointType === b.dataPointType;

type Value = number | Histogram | ExponentialHistogram;
type Point = DataPoint<Value>;

function addMetric(earlier: MetricData, later: MetricData): MetricData {
  const points = new Map<string, Point>();
  for (const point of [...earlier.dataPoints, ...later.dataPoints] as Point[]) {
    const key = JSON.stringify(Object.entries(point.attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
    const before = points.get(key);
    points.set(key, before ? { ...point, value: addValue(before.value, point.value) } : point);
  }
  return { ...later, dataPoints: [...points.values()] } as MetricData;
}

/** Both are of the same metric, so they are of the same kind. */
function addValue(a: Value, b: Value): Value {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) + Number(b);
  if ('scale' in a) return addExponentialHistograms(a, b as ExponentialHistogram);
  return addHistograms(a, b as Histogram);
}

function addHistograms(a: Histogram, b: Histogram): Histogram {
  const { boundaries } = a.buckets;
  const counts = a.buckets.counts.slice();
  addCounts(counts, b.buckets.counts);
  return {
    buckets: { boundaries, counts },
    count: a.count + b.count,
    ...(a.sum !== undefined && b.sum !== undefined && { sum: a.sum + b.sum }),
    ...(a.min !== undefined && b.min !== undefined && { min: Math.min(a.min, b.min) }),
    ...(a.max !== undefined && b.max !== undefined && { max: Math.max(a.max, b.max) }),
  };
}
