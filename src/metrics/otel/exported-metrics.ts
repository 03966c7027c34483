import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { getOrAdd } from '../../base/get-or-add.ts';
import { addCounts, totalCount } from '../../base/histogram.ts';
import {
  CLIENT_DURATION,
  METHOD,
  ROUTE,
  SCOPE,
  SERVER_ACTIVE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../../semconv.ts';
import {
  type ActiveRequests,
  type CallCounts,
  type Counts,
  callKey,
  type RequestCounts,
  requestKey,
} from '../model.ts';
import { ExportedInstrument } from './exported-instrument.ts';

const { INT, DOUBLE } = ValueType;
const REQUESTS = { name: SERVER_REQUESTS, description: 'Finished HTTP requests.', valueType: INT };
const DURATION = {
  name: SERVER_DURATION,
  description: "Seconds from a request's arrival to the end of its response.",
  valueType: DOUBLE,
};
const ACTIVE = { name: SERVER_ACTIVE, description: 'HTTP requests in flight.', valueType: INT };
const CALLS = { name: CLIENT_DURATION, description: 'Seconds an outgoing HTTP call took.', valueType: DOUBLE };

/** Series of the model, to be exported: totals, or what was added in an interval. */
export interface ExportedSeries {
  readonly requests: readonly RequestCounts[];
  readonly calls: readonly CallCounts[];
  readonly active: readonly ActiveRequests[];
}

/** The time that values are of. */
export interface Interval {
  readonly temporality: 'cumulative' | 'delta';
  readonly start: HrTime;
  readonly end: HrTime;
}

type Labels = { readonly requests: Attributes; readonly duration: Attributes };

/** Makes OpenTelemetry's shape of the model's series, as the Views name them. Nothing else does. */
export class ExportedMetrics {
  readonly #requests: ExportedInstrument;
  readonly #duration: ExportedInstrument;
  readonly #active: ExportedInstrument;
  readonly #calls: ExportedInstrument;
  readonly #bounds: readonly number[];
  readonly #since = hrTime();
  readonly #requestLabels = new Map<string, Labels>();
  readonly #callLabels = new Map<string, Attributes>();

  /** @param bounds `APM_BUCKETS`, seconds */
  constructor(views: readonly ViewOptions[], bounds: readonly number[]) {
    this.#requests = new ExportedInstrument(REQUESTS, views);
    this.#duration = new ExportedInstrument(DURATION, views);
    this.#active = new ExportedInstrument(ACTIVE, views);
    this.#calls = new ExportedInstrument(CALLS, views);
    this.#bounds = bounds;
  }

  convert({ requests, calls, active }: ExportedSeries, interval: Interval): ScopeMetrics[] {
    const counters: DataPoint<number>[] = [];
    const durations = new Map<Attributes, Histogram>();
    for (const series of requests) {
      const labels = getOrAdd(this.#requestLabels, requestKey(series), () => this.#labelsOfRequests(series));
      counters.push(point(labels.requests, series.requests, interval));
      addSeries(durations, labels.duration, series, this.#bounds);
    }
    const callDurations = new Map<Attributes, Histogram>();
    for (const series of calls) {
      const labels = getOrAdd(this.#callLabels, callKey(series), () => this.#labelsOfCalls(series));
      addSeries(callDurations, labels, series, this.#bounds);
    }
    // The difference of a gauge means nothing, so up-down counters are cumulative under every preference.
    const always: Interval = { temporality: 'cumulative', start: this.#since, end: interval.end };
    const gauges = active.map(({ method, requests: inFlight }) =>
      point(this.#active.labelsOf({ [METHOD]: method }), inFlight, always),
    );
    const metrics = [
      sum(this.#requests, counters, true, interval),
      histogram(this.#duration, durations, interval),
      sum(this.#active, gauges, false, always),
      histogram(this.#calls, callDurations, interval),
    ].filter(({ dataPoints }) => dataPoints.length > 0);
    return metrics.length > 0 ? [{ scope: { name: SCOPE }, metrics }] : [];
  }

  #labelsOfRequests({ path, method, status }: RequestCounts): Labels {
    const attributes = { [ROUTE]: path, [METHOD]: method, [STATUS_CODE]: status };
    return { requests: this.#requests.labelsOf(attributes), duration: this.#duration.labelsOf(attributes) };
  }

  #labelsOfCalls({ host, method, status, details }: CallCounts): Attributes {
    return this.#calls.labelsOf({
      [METHOD]: method,
      [SERVER_ADDRESS]: host,
      ...(status !== undefined && { [STATUS_CODE]: status }),
      ...details,
    });
  }
}

/** Adds a series to the histogram with these labels. Statuses share one, because a duration has no status label. */
function addSeries(
  histograms: Map<Attributes, Histogram>,
  labels: Attributes,
  series: Counts,
  bounds: readonly number[],
): void {
  const { counts, seconds } = series;
  const count = totalCount(counts);
  if (count === 0) return;
  const found = histograms.get(labels);
  if (found === undefined) {
    histograms.set(labels, {
      buckets: { boundaries: bounds as number[], counts: counts.slice() },
      sum: seconds,
      count,
    });
    return;
  }
  addCounts(found.buckets.counts, counts);
  found.sum = (found.sum as number) + seconds;
  found.count += count;
}

const point = <T>(attributes: Attributes, value: T, { start, end }: Interval): DataPoint<T> => ({
  attributes,
  startTime: start,
  endTime: end,
  value,
});

function sum(
  { descriptor }: ExportedInstrument,
  dataPoints: DataPoint<number>[],
  isMonotonic: boolean,
  interval: Interval,
): MetricData {
  const aggregationTemporality = temporalityOf(interval);
  return { descriptor, dataPointType: DataPointType.SUM, aggregationTemporality, isMonotonic, dataPoints };
}

function histogram(
  { descriptor }: ExportedInstrument,
  histograms: ReadonlyMap<Attributes, Histogram>,
  interval: Interval,
): MetricData {
  const aggregationTemporality = temporalityOf(interval);
  const dataPoints = Array.from(histograms, ([labels, value]) => point(labels, value, interval));
  return { descriptor, dataPointType: DataPointType.HISTOGRAM, aggregationTemporality, dataPoints };
}

const temporalityOf = ({ temporality }: Interval): AggregationTemporality =>
  temporality === 'delta' ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
