import type { Attributes } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { subtractCounts } from '../../base/counts.ts';
import type { Instruments } from './instrument-aggregate.ts';
import { isAdditive, metricKey } from './metric-identity.ts';

/**
 * How much the app's own instruments grew since they were last taken. An SDK reader with delta temporality would do the
 * same with a second storage for every instrument.
 */
export class InstrumentDeltas {
  readonly #last = new Map<string, Map<string, number | Histogram>>();

  /** Splits totals into increments, of the counters and histograms that grew, and states, of everything else. */
  take(totals: Instruments): { increments: Instruments; states: Instruments } {
    const all = totals.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => this.#grown(scope, metric)).filter(({ dataPoints }) => dataPoints.length > 0),
    }));
    return { increments: only(all, true), states: only(all, false) };
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

function only(scopes: Instruments, additive: boolean): ScopeMetrics[] {
  return scopes
    .map(({ scope, metrics }) => ({ scope, metrics: metrics.filter((metric) => isAdditive(metric) === additive) }))
    .filter(({ metrics }) => metrics.length > 0);
}

const isTotal = (metric: MetricData): boolean =>
  metric.dataPointType === DataPointType.HISTOGRAM ||
  (metric.dataPointType === DataPointType.SUM && metric.isMonotonic);

/**
 * How much a total grew; undefined where it did not. An observable counter may start again from 0. A total that is NaN,
 * after `add(NaN)`, or negative has no growth either: adding it would make the sum NaN permanently, or decrease it.
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
    buckets: { boundaries, counts: subtractCounts(counts, before.buckets.counts) },
    count: now.count - before.count,
    ...(now.sum !== undefined && before.sum !== undefined && { sum: now.sum - before.sum || 0 }),
  };
}
