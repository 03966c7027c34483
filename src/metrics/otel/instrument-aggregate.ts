import type { Attributes, HrTime } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { AggregationTemporality, type Histogram, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { addCounts } from '../../base/counts.ts';
import { type GaugeRule, mergeGauges, type Source, seriesKey } from './gauge-merge.ts';
import { type Additive, boundsOf, isAdditive, metricKey } from './metric-identity.ts';

/** The app's own instruments, as the SDK collects them: they travel between processes in this shape. */
export type Instruments = readonly ScopeMetrics[];

type Scope = ScopeMetrics['scope'];
type Value = number | Histogram;

/** The sum of one metric over all increments. */
interface Family {
  readonly scope: Scope;
  readonly metric: Additive;
  /** One array for all its points: the exposition keeps what it writes about bounds by this array. */
  readonly bounds: readonly number[];
  /** By attributes as JSON, whose order differs between processes. */
  readonly points: Map<string, Point>;
  readonly byObject: WeakMap<Attributes, Point>;
  readonly all: Point[];
}
interface Point {
  readonly attributes: Attributes;
  value: Value;
}

/**
 * The app's own instruments of several processes as one. Increments are added and stay when their process exits, so that
 * no counter decreases. States are the last ones of each process, for as long as it runs.
 */
export class InstrumentAggregate {
  readonly #families = new Map<string, Family>();
  readonly #states = new Map<Source, Instruments>();
  readonly #since: HrTime = hrTime();
  readonly #gauges: GaugeRule;

  constructor(gauges: GaugeRule = () => undefined) {
    this.#gauges = gauges;
  }

  add(increments: Instruments): void {
    for (const { scope, metrics } of increments) {
      for (const metric of metrics) if (isAdditive(metric)) this.#addMetric(scope, metric);
    }
  }

  setStates(source: Source, states: Instruments): void {
    this.#states.set(source, states);
  }

  removeStates(source: Source): void {
    this.#states.delete(source);
  }

  /**
   * All of it, as of now; later additions do not change what was returned.
   * @param temporality of the sums: `delta` where they are added to another sum
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
    const aggregationTemporality =
      temporality === 'delta' ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    for (const { scope, metric, all } of this.#families.values()) {
      const dataPoints = all.map(({ attributes, value }) => ({
        attributes,
        startTime: this.#since,
        endTime: time,
        value: copy(value),
      }));
      put(scope, { ...metric, aggregationTemporality, dataPoints } as MetricData);
    }
    for (const { scope, metric } of mergeGauges(this.#states, this.#gauges)) put(scope, metric);
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
      const point = family.byObject.get(attributes) ?? pointOf(family, attributes, value);
      point.value = typeof point.value === 'number' ? point.value + (value as number) : plus(point.value, value);
    }
  }
}

function pointOf(family: Family, attributes: Attributes, value: Value): Point {
  const key = seriesKey(attributes);
  let point = family.points.get(key);
  if (point === undefined) {
    point = { attributes, value: zero(value, family.bounds) };
    family.points.set(key, point);
    family.all.push(point);
  }
  family.byObject.set(attributes, point);
  return point;
}

const copy = (value: Value): Value =>
  typeof value === 'number'
    ? value
    : { ...value, buckets: { boundaries: value.buckets.boundaries, counts: value.buckets.counts.slice() } };

/** Histograms of instruments that can decrease have no sum. Minimum and maximum are not exported. */
function zero(value: Value, bounds: readonly number[]): Value {
  if (typeof value === 'number') return 0;
  return {
    buckets: { boundaries: bounds as number[], counts: new Array(bounds.length + 1).fill(0) },
    count: 0,
    ...(value.sum !== undefined && { sum: 0 }),
  };
}

/** In place, because only the aggregate holds this value. */
function plus(total: Histogram, value: Value): Histogram {
  const { buckets, count, sum } = value as Histogram;
  addCounts(total.buckets.counts, buckets.counts);
  total.count += count;
  if (total.sum !== undefined && sum !== undefined) total.sum += sum;
  return total;
}
