import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { SCOPE } from '../../semconv.ts';
import type { RequestSeries } from '../series.ts';
import type { Distribution, Stream, Total } from '../stream.ts';

/** Hands the bound series to one reader. With delta temporality it remembers what that reader has been given. */
export class SeriesProducer implements MetricProducer {
  readonly #series: RequestSeries;
  readonly #delta: boolean;
  readonly #since = hrTime();
  readonly #given = new Map<object, Given>();

  constructor(series: RequestSeries, temporality: 'cumulative' | 'delta') {
    this.#series = series;
    this.#delta = temporality === 'delta';
  }

  collect(): Promise<CollectionResult> {
    return Promise.resolve({ resourceMetrics: { resource: emptyResource(), scopeMetrics: this.read() }, errors: [] });
  }

  /** The same at once, for a process that is about to end. */
  read(): ScopeMetrics[] {
    const time = hrTime();
    const { requests, duration, active } = this.#series;
    const temporality = this.#delta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    const metrics: MetricData[] = [
      {
        descriptor: descriptor(requests, ValueType.INT),
        dataPointType: DataPointType.SUM,
        aggregationTemporality: temporality,
        isMonotonic: true,
        dataPoints: this.#points(requests.points, time, count),
      },
      {
        descriptor: descriptor(duration, ValueType.DOUBLE),
        dataPointType: DataPointType.HISTOGRAM,
        aggregationTemporality: temporality,
        dataPoints: this.#points(duration.points, time, (point, last) => histogram(point, duration.boundaries, last)),
      },
      {
        // A gauge's difference means nothing: up-down counters are cumulative under every preference.
        descriptor: descriptor(active, ValueType.INT),
        dataPointType: DataPointType.SUM,
        aggregationTemporality: AggregationTemporality.CUMULATIVE,
        isMonotonic: false,
        dataPoints: active.points.map(({ attributes, value }) => dataPoint(attributes, this.#since, time, value)),
      },
    ];
    const filled = metrics.filter(({ dataPoints }) => dataPoints.length > 0);
    return filled.length > 0 ? [{ scope: { name: SCOPE }, metrics: filled }] : [];
  }

  #points<P extends Total | Distribution, V>(
    points: readonly P[],
    time: HrTime,
    read: (point: P, last: Given | undefined) => V | undefined,
  ): DataPoint<V>[] {
    const found: DataPoint<V>[] = [];
    for (const point of points) {
      const last = this.#given.get(point);
      const value = read(point, last);
      if (value === undefined) continue;
      found.push(dataPoint(point.attributes, last?.time ?? this.#since, time, value));
      if (this.#delta) this.#given.set(point, given(point, time, last));
    }
    return found;
  }
}

/** What a reader has been given of a point, and when. */
interface Given {
  time: HrTime;
  value: number;
  sum: number;
  readonly counts: number[];
}

/** @param last is made the new one */
function given(point: Total | Distribution, time: HrTime, last: Given | undefined): Given {
  const next = last ?? { time, value: 0, sum: 0, counts: [] };
  next.time = time;
  if (!('counts' in point)) next.value = point.value;
  else {
    next.value = point.count;
    next.sum = point.sum;
    for (let i = 0; i < point.counts.length; i++) next.counts[i] = point.counts[i] as number;
  }
  return next;
}

/** The requests since then; nothing where there were none. */
function count(point: Total, last: Given | undefined): number | undefined {
  return point.value - (last?.value ?? 0) || undefined;
}

function histogram(point: Distribution, boundaries: readonly number[], last: Given | undefined): Histogram | undefined {
  if (point.count === (last?.value ?? 0)) return undefined;
  return {
    buckets: {
      boundaries: boundaries as number[],
      counts: last ? point.counts.map((n, i) => n - (last.counts[i] as number)) : point.counts.slice(),
    },
    sum: point.sum - (last?.sum ?? 0),
    count: point.count - (last?.value ?? 0),
  };
}

/** Without a unit: the Collector and Prometheus's OTLP receiver would append it to the name, a scrape does not. */
function descriptor(stream: Stream<never> | Stream<Total> | Stream<Distribution>, valueType: ValueType) {
  return { name: stream.name, description: stream.description, unit: '', valueType };
}

function dataPoint<V>(attributes: Attributes, startTime: HrTime, endTime: HrTime, value: V): DataPoint<V> {
  return { attributes, startTime, endTime, value };
}
