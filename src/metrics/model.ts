/**
 * What is measured, in our own terms. A series is a set of labels with everything counted under it; an increment has the
 * same shape and holds what was added since some moment. OpenTelemetry's shapes are made in `otel/`, where they leave the process.
 */
import { addCounts } from '../base/histogram.ts';

/**
 * @property requests  finished requests, or finished outgoing calls
 * @property seconds   their durations, added up; event streams have none
 * @property counts    durations in each bucket: one bucket for each bound, and one above the last
 */
export interface Counts {
  requests: number;
  seconds: number;
  readonly counts: number[];
}

/** Attributes that exist, and distinguish series, only under `APM_METRIC_NAMES=semconv`, such as `server.port`. */
export type Details = Readonly<Record<string, string | number>>;

/**
 * @property path     a route template, `unmatched` or `other`
 * @property method   a known method or `_OTHER`
 * @property status   as sent; 499 when the client left before any header
 * @property details  `url.scheme`
 */
export interface RequestLabels {
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly details?: Details | undefined;
}

/**
 * @property host     with its port, unless that is the default of its scheme
 * @property status   undefined where no answer came
 * @property details  such as `server.address` and `server.port`
 */
export interface CallLabels {
  readonly host: string;
  readonly method: string;
  readonly status: number | undefined;
  readonly details?: Details | undefined;
}

export type RequestCounts = RequestLabels & Counts;
export type CallCounts = CallLabels & Counts;

/** Requests in flight with one method. */
export interface ActiveRequests {
  readonly method: string;
  readonly details?: Details | undefined;
  requests: number;
}

type CreateSeries<Labels> = (labels: Labels, requests: number, seconds: number, counts: number[]) => Labels & Counts;

/** Series by their labels. */
export class SeriesTable<Labels extends object> {
  /** In the order in which they were first counted. A series is never removed, so an index always means the same one. */
  readonly series: (Labels & Counts)[] = [];
  readonly #byKey = new Map<string, Labels & Counts>();
  readonly #keyOf: (labels: Labels) => string;
  /** Makes a series or an increment with the same labels. */
  readonly create: CreateSeries<Labels>;

  /** @param keyOf a text that only the same labels have */
  constructor(keyOf: (labels: Labels) => string, create: CreateSeries<Labels>) {
    this.#keyOf = keyOf;
    this.create = create;
  }

  /** The series with these labels; made where there is none yet. Callers on the hot path keep what they get. */
  find(labels: Labels, buckets: number): Labels & Counts {
    const key = this.#keyOf(labels);
    let series = this.#byKey.get(key);
    if (series === undefined) {
      series = this.create(labels, 0, 0, new Array<number>(buckets).fill(0));
      this.#byKey.set(key, series);
      this.series.push(series);
    }
    return series;
  }

  has(labels: Labels): boolean {
    return this.#byKey.has(this.#keyOf(labels));
  }

  add(increment: Labels & Counts): void {
    const series = this.find(increment, increment.counts.length);
    series.requests += increment.requests;
    series.seconds += increment.seconds;
    addCounts(series.counts, increment.counts);
  }
}

/** A text that only requests with the same labels have. */
const requestKey = ({ path, method, status, details }: RequestLabels): string =>
  `${method} ${status} ${path}${detailsKey(details)}`;

/** A text that only calls with the same labels have. */
const callKey = ({ host, method, status, details }: CallLabels): string =>
  `${method} ${status} ${host}${detailsKey(details)}`;

const detailsKey = (details: Details | undefined): string =>
  details === undefined ? '' : ` ${JSON.stringify(details)}`;

/** A text that only requests in flight with the same labels have. */
export const activeKey = ({ method, details }: ActiveRequests): string => `${method}${detailsKey(details)}`;

// Fields one by one: a spread takes ten times as long, and this runs for each of 10,000 series.
export const createRequestTable = (): SeriesTable<RequestLabels> =>
  new SeriesTable(requestKey, ({ path, method, status, details }, requests, seconds, counts) => ({
    path,
    method,
    status,
    ...(details && { details }),
    requests,
    seconds,
    counts,
  }));

export const createCallTable = (): SeriesTable<CallLabels> =>
  new SeriesTable(callKey, ({ host, method, status, details }, requests, seconds, counts) => ({
    host,
    method,
    status,
    ...(details && { details }),
    requests,
    seconds,
    counts,
  }));

/** Counts one duration: its bucket is the first whose bound is not below it. */
export function countDuration(series: Counts, bounds: readonly number[], seconds: number): void {
  let bucket = 0;
  while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket++;
  (series.counts[bucket] as number)++;
  series.seconds += seconds;
}
