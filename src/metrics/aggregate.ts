import type { Attributes, HrTime } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { AggregationTemporality, type Histogram, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { SCOPE } from '../semconv.ts';
import type { CapPaths } from './cardinality-cap.ts';
import { type GaugeRule, mergedStates, type Source, seriesKey } from './otel/gauge-merge.ts';
import { type Additive, boundsOf, isAdditive, metricKey } from './otel/metric-identity.ts';

type Scope = ScopeMetrics['scope'];
type Value = number | Histogram;

/** One metric's sum over all that was added. */
interface Family {
  readonly scope: Scope;
  readonly metric: Additive;
  /** One array for all its points: what is kept about bounds is kept by it. */
  readonly bounds: readonly number[];
  /** By the attributes as JSON, in each order they came in. */
  readonly points: Map<string, Point>;
  readonly byObject: WeakMap<Attributes, Point>;
  readonly all: Point[];
}
interface Point {
  readonly attributes: Attributes;
  value: Value;
}

/**
 * What several sources counted, as one: increments are added and stay when their source has gone, so that no counter
 * goes backwards; states are those each source gave last, for as long as it is there.
 */
export class Aggregate {
  readonly #families = new Map<string, Family>();
  readonly #states = new Map<Source, readonly ScopeMetrics[]>();
  readonly #since: HrTime = hrTime();
  readonly #gauges: GaugeRule;
  readonly #cap: CapPaths;

  constructor(gauges: GaugeRule, cap: CapPaths) {
    this.#gauges = gauges;
    this.#cap = cap;
  }

  /** @param given a source's increments since it gave the last ones */
  add(given: readonly ScopeMetrics[]): void {
    for (const { scope, metrics } of given) {
      for (const metric of metrics) if (isAdditive(metric)) this.#addMetric(scope, metric);
    }
  }

  /** Takes the place of what the source gave before. */
  setStates(source: Source, given: readonly ScopeMetrics[]): void {
    this.#states.set(source, given);
  }

  /** What the source counted stays. */
  leave(source: Source): void {
    this.#states.delete(source);
  }

  /**
   * All of it, as of now; later additions do not change what was given.
   * @param temporality of the sums: `delta` to hand them on to be added elsewhere
   */
  read(temporality: 'cumulative' | 'delta' = 'cumulative'): ScopeMetrics[] {
    const time = hrTime();
    const scopes = new Map<string, ScopeMetrics>();
    const put = (scope: Scope, metric: MetricData) => {
      const key = JSON.stringify([scope.name, scope.version, scope.schemaUrl]);
      const found = scopes.get(key);
      if (found) found.metrics.push(metric);
      else scopes.set(key, { scope, metrics: [metric] });
    };
    for (const { scope, metric, all } of this.#families.values()) {
      const dataPoints = all.map(({ attributes, value }) => ({
        attributes,
        startTime: this.#since,
        endTime: time,
        value: copy(value),
      }));
      const aggregationTemporality =
        temporality === 'delta' ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
      put(scope, { ...metric, aggregationTemporality, dataPoints } as MetricData);
    }
    for (const { scope, metric } of mergedStates(this.#states, this.#gauges)) put(scope, metric);
    return [...scopes.values()];
  }

  #addMetric(scope: Scope, metric: Additive): void {
    const key = metricKey(scope, metric);
    let family = this.#families.get(key);
    if (family === undefined) {
      const empty = { ...metric, dataPoints: [] };
      const bounds = boundsOf(metric);
      family = { scope, metric: empty, bounds, points: new Map(), byObject: new WeakMap(), all: [] };
      this.#families.set(key, family);
    }
    for (const { attributes, value } of metric.dataPoints) {
      const point = family.byObject.get(attributes) ?? this.#pointOf(family, attributes, value);
      point.value = typeof point.value === 'number' ? point.value + (value as number) : plus(point.value, value);
    }
  }

  #pointOf(family: Family, given: Attributes, value: Value): Point {
    const attributes = family.scope.name === SCOPE ? this.#cap(given) : given;
    const key = seriesKey(attributes);
    let point = family.points.get(key);
    if (point === undefined) {
      point = { attributes, value: zero(value, family.bounds) };
      family.points.set(key, point);
      family.all.push(point);
    }
    family.byObject.set(given, point);
    return point;
  }
}

const copy = (value: Value): Value =>
  typeof value === 'number'
    ? value
    : { ...value, buckets: { boundaries: value.buckets.boundaries, counts: value.buckets.counts.slice() } };

/** Instruments that may go down have no sum. Smallest and largest values are not asked for by anybody here. */
function zero(value: Value, bounds: readonly number[]): Value {
  if (typeof value === 'number') return 0;
  return {
    buckets: { boundaries: bounds as number[], counts: new Array(bounds.length + 1).fill(0) },
    count: 0,
    ...(value.sum !== undefined && { sum: 0 }),
  };
}

/** In place: a point's value is its own. */
function plus(total: Histogram, value: Value): Histogram {
  const { buckets, count, sum } = value as Histogram;
  const { counts } = total.buckets;
  for (let i = 0; i < counts.length; i++) (counts[i] as number) += buckets.counts[i] as number;
  total.count += count;
  if (total.sum !== undefined && sum !== undefined) total.sum += sum;
  return total;
}
