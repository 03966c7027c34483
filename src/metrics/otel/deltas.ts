import type { Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { metricKey } from './metric-identity.ts';

/**
 * What the SDK's totals have grown by since they were last looked at. A reader of differences would do the same at the
 * price of a second storage for every instrument of the app.
 */
export class InstrumentDeltas {
  readonly #last = new Map<string, Map<string, number | Histogram>>();

  /** Counters and histograms as increments, without those that did not grow; everything else as it is. */
  of(scopes: readonly ScopeMetrics[]): ScopeMetrics[] {
    return scopes.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => this.#grown(scope, metric)).filter(({ dataPoints }) => dataPoints.length > 0),
    }));
  }

  #grown(scope: ScopeMetrics['scope'], metric: MetricData): MetricData {
    if (!isTotal(metric)) return metric;
    const key = metricKey(scope, metric);
    let last = this.#last.get(key);
    if (last === undefined) {
      last = new Map();
      this.#last.set(key, last);
    }
    const dataPoints: DataPoint<number | Histogram>[] = [];
    for (const point of metric.dataPoints as DataPoint<number | Histogram>[]) {
      const labels = JSON.stringify(Object.entries(point.attributes as Attributes));
      const value = growth(point.value, last.get(labels));
      if (value === undefined) continue;
      last.set(labels, point.value);
      dataPoints.push({ ...point, value });
    }
    return { ...metric, aggregationTemporality: AggregationTemporality.DELTA, dataPoints } as MetricData;
  }
}

const isTotal = (metric: MetricData): boolean =>
  metric.dataPointType === DataPointType.HISTOGRAM ||
  (metric.dataPointType === DataPointType.SUM && metric.isMonotonic);

/**
 * undefined where there is none, and something has been said before. An observed counter may start again. Nor has a
 * total any that is no number, after `add(NaN)`, or is negative: a sum would take it over, and not be a sum any more.
 */
function growth<V extends number | Histogram>(now: V, last: V | undefined): number | Histogram | undefined {
  if (typeof now === 'number' && !(now >= 0)) return undefined;
  if (last === undefined) return now;
  if (typeof now === 'number') {
    const more = now - (last as number);
    return more < 0 ? now : more || undefined;
  }
  const before = last as Histogram;
  if (now.count === before.count) return undefined;
  const { boundaries, counts } = now.buckets;
  return {
    buckets: { boundaries, counts: counts.map((count, i) => count - (before.buckets.counts[i] as number)) },
    count: now.count - before.count,
    ...(now.sum !== undefined && before.sum !== undefined && { sum: now.sum - before.sum || 0 }),
  };
}
