import { type Attributes, ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import type { DataPoint, Histogram, ScopeMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import { getOrAdd } from '../../base/get-or-add.ts';
import { addCounts, totalCount } from '../../base/histogram.ts';
import { createYielder } from '../../base/yield.ts';
import type { Config } from '../../config/variables.ts';
import {
  CLIENT_CLOSED_REQUEST,
  CLIENT_CLOSED_REQUEST_TYPE,
  CLIENT_DURATION,
  ERROR_TYPE,
  METHOD,
  OTHER_ERROR_TYPE,
  ROUTE,
  SCOPE,
  SERVER_ACTIVE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../../semconv.ts';
import type { ActiveRequests, CallCounts, Counts, RequestCounts } from '../model.ts';
import { ExportedInstrument, keyOf } from './exported-instrument.ts';
import { histogram, type Interval, point, sum } from './metric-data.ts';

const { INT, DOUBLE } = ValueType;
const REQUESTS = {
  name: SERVER_REQUESTS,
  description: 'Finished HTTP requests.',
  unit: '{request}',
  valueType: INT,
};
const DURATION = {
  name: SERVER_DURATION,
  description: "Seconds from a request's arrival to the end of its response.",
  unit: 's',
  valueType: DOUBLE,
};
const ACTIVE = { name: SERVER_ACTIVE, description: 'HTTP requests in flight.', unit: '{request}', valueType: INT };
const CALLS = {
  name: CLIENT_DURATION,
  description: 'Seconds an outgoing HTTP call took.',
  unit: 's',
  valueType: DOUBLE,
};

/**
 * Series of the model, to be exported: totals, or increments.
 * @property requests  totals are the live array of a table, whose labels are known by the index
 * @property live      of increments: the live array, and where in it the series of each increment is
 */
export interface ExportedSeries {
  readonly requests: readonly RequestCounts[];
  readonly calls: readonly CallCounts[];
  readonly active: readonly ActiveRequests[];
  readonly live?: { readonly requests: readonly RequestCounts[]; readonly indexes: readonly number[] };
}

/** The labels of one histogram, and its value in the conversion that is under way. */
interface DurationLabels {
  readonly attributes: Attributes;
  conversion: number;
  value: Histogram | undefined;
}

interface RequestBinding {
  readonly requests: Attributes;
  readonly duration: DurationLabels;
}

/** Makes OpenTelemetry's shape of the model's series, as the Views name them. Nothing else does. */
export class ExportedMetrics {
  readonly #requests: ExportedInstrument;
  readonly #duration: ExportedInstrument;
  readonly #active: ExportedInstrument;
  readonly #calls: ExportedInstrument;
  readonly #bounds: readonly number[];
  readonly #since = hrTime();
  /** By the live array of a table, in its order: series are only ever appended. */
  readonly #bindings = new WeakMap<readonly RequestCounts[], RequestBinding[]>();
  /** By the text of their labels: statuses share a histogram, because a duration has no status label. */
  readonly #durations = new Map<string, DurationLabels>();
  #conversion = 0;

  constructor(views: readonly ViewOptions[], { buckets, metricNames }: Pick<Config, 'buckets' | 'metricNames'>) {
    const hasUnit = metricNames === 'semconv';
    this.#requests = new ExportedInstrument(REQUESTS, views, hasUnit);
    this.#duration = new ExportedInstrument(DURATION, views, hasUnit);
    this.#active = new ExportedInstrument(ACTIVE, views, hasUnit);
    this.#calls = new ExportedInstrument(CALLS, views, hasUnit);
    this.#bounds = buckets;
  }

  /** Works out the labels of live series, and yields to the app in between: 10,000 new ones take a while. */
  async prepare(requests: readonly RequestCounts[]): Promise<void> {
    const yieldIfDue = createYielder();
    const bindings = this.#bindingsOf(requests);
    while (bindings.length < requests.length) {
      bindings.push(this.#bind(requests[bindings.length] as RequestCounts));
      await yieldIfDue();
    }
  }

  convert({ requests, calls, active, live }: ExportedSeries, interval: Interval): ScopeMetrics[] {
    const conversion = ++this.#conversion;
    const counters: DataPoint<number>[] = [];
    const durations: DurationLabels[] = [];
    const all = live?.requests ?? requests;
    const bindings = this.#bindingsOf(all);
    while (bindings.length < all.length) bindings.push(this.#bind(all[bindings.length] as RequestCounts));
    for (let i = 0; i < requests.length; i++) {
      const series = requests[i] as RequestCounts;
      const { requests: labels, duration } = bindings[live?.indexes[i] ?? i] as RequestBinding;
      counters.push(point(labels, series.requests, interval));
      addSeries(durations, duration, conversion, series, this.#bounds);
    }
    const callDurations: DurationLabels[] = [];
    const byLabels = new Map<Attributes, DurationLabels>();
    for (const series of calls) {
      const attributes = this.#labelsOfCalls(series);
      const labels = getOrAdd(byLabels, attributes, () => ({ attributes, conversion: 0, value: undefined }));
      addSeries(callDurations, labels, conversion, series, this.#bounds);
    }
    // The difference of a gauge means nothing, so up-down counters are cumulative under every preference.
    const always: Interval = { temporality: 'cumulative', start: this.#since, end: interval.end };
    const gauges = active.map(({ method, details, requests: inFlight }) =>
      point(this.#active.labelsOf({ [METHOD]: method, ...details }), inFlight, always),
    );
    const metrics = [
      sum(this.#requests, counters, true, interval),
      histogram(this.#duration, takePoints(durations, interval), interval),
      sum(this.#active, gauges, false, always),
      histogram(this.#calls, takePoints(callDurations, interval), interval),
    ].filter(({ dataPoints }) => dataPoints.length > 0);
    return metrics.length > 0 ? [{ scope: { name: SCOPE }, metrics }] : [];
  }

  #bindingsOf(requests: readonly RequestCounts[]): RequestBinding[] {
    const known = this.#bindings.get(requests);
    if (known !== undefined) return known;
    const bindings: RequestBinding[] = [];
    this.#bindings.set(requests, bindings);
    return bindings;
  }

  #bind({ path, method, status, details }: RequestCounts): RequestBinding {
    const attributes = {
      [ROUTE]: path,
      [METHOD]: method,
      [STATUS_CODE]: status,
      ...errorTypeOfRequest(status),
      ...details,
    };
    const durationLabels = this.#duration.apply(attributes);
    return {
      // Distinct series have distinct labels here, so they need no look-up.
      requests: this.#requests.apply(attributes),
      duration: getOrAdd(this.#durations, keyOf(durationLabels), () => ({
        attributes: durationLabels,
        conversion: 0,
        value: undefined,
      })),
    };
  }

  #labelsOfCalls({ host, method, status, details }: CallCounts): Attributes {
    return this.#calls.labelsOf({
      [METHOD]: method,
      [SERVER_ADDRESS]: host,
      ...(status !== undefined && { [STATUS_CODE]: status }),
      ...errorTypeOfCall(status),
      ...details,
    });
  }
}

/** The conventions say: an answer of 4xx is an error of the client, and so not one of the server. */
function errorTypeOfRequest(status: number): Attributes {
  if (status === CLIENT_CLOSED_REQUEST) return { [ERROR_TYPE]: CLIENT_CLOSED_REQUEST_TYPE };
  return status >= 500 ? { [ERROR_TYPE]: String(status) } : {};
}

/** Where no answer came, the details of the call know more. */
function errorTypeOfCall(status: number | undefined): Attributes {
  if (status === undefined) return { [ERROR_TYPE]: OTHER_ERROR_TYPE };
  return status >= 400 ? { [ERROR_TYPE]: String(status) } : {};
}

/** Adds a series to the histogram with these labels, which is begun anew in each conversion. */
function addSeries(
  histograms: DurationLabels[],
  labels: DurationLabels,
  conversion: number,
  { counts, seconds }: Counts,
  bounds: readonly number[],
): void {
  const count = totalCount(counts);
  if (count === 0) return;
  if (labels.conversion !== conversion || labels.value === undefined) {
    labels.conversion = conversion;
    labels.value = { buckets: { boundaries: bounds as number[], counts: counts.slice() }, sum: seconds, count };
    histograms.push(labels);
    return;
  }
  addCounts(labels.value.buckets.counts, counts);
  labels.value.sum = (labels.value.sum as number) + seconds;
  labels.value.count += count;
}

/** The data points of a conversion. The values are dropped here, so that they are not kept until the next one. */
const takePoints = (histograms: readonly DurationLabels[], interval: Interval): DataPoint<Histogram>[] =>
  histograms.map((labels) => {
    const { attributes, value } = labels;
    labels.value = undefined;
    return point(attributes, value as Histogram, interval);
  });
