import { getOrAdd } from '../base/get-or-add.ts';
import { OTHER_METHOD } from '../semconv.ts';
import type { RequestLabels } from './kinds.ts';
import { type ActiveRequests, addValue, type Labels, type Series } from './model.ts';
import type { RequestsInFlight } from './requests-in-flight.ts';
import type { SeriesTable } from './series-table.ts';

type RequestCounts = Series<RequestLabels>;

export interface RequestSeriesOptions {
  readonly table: SeriesTable<RequestLabels>;
  /** `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`; every other method is `_OTHER`. */
  readonly knownMethods: ReadonlySet<string>;
  /** Shared with the other series of this process. */
  readonly active: RequestsInFlight;
  /** Of every request that is recorded here. */
  readonly details: string | undefined;
  /** The app's own labels of every request that is recorded here. */
  readonly labels: Labels;
}

/**
 * The requests of this process. Its series are bound, which OpenTelemetry's specification calls Bind and the JS SDK
 * lacks: the first request of a (path, method, status) finds its series by a text, and every later one by a few map
 * look-ups and additions.
 */
export class RequestSeries {
  readonly #options: RequestSeriesOptions;
  readonly #bounds: readonly number[];
  readonly #bound = new Map<string, Map<string, Map<number, RequestCounts>>>();
  readonly #activeByMethod = new Map<string, ActiveRequests>();

  constructor(options: RequestSeriesOptions) {
    this.#options = options;
    this.#bounds = options.table.kind.bounds ?? [];
  }

  /** The gauge of requests in flight with this method. */
  activeOf(method: string): ActiveRequests {
    const known = this.#activeByMethod.get(method);
    if (known !== undefined) return known;
    // Clients may invent methods without end, so an unknown one gets no entry of its own.
    const label = this.methodLabel(method);
    return getOrAdd(this.#activeByMethod, label, () => {
      const { details, active: all } = this.#options;
      const active = { method: label, ...(details && { details }), requests: 0 };
      all.add(active);
      return active;
    });
  }

  /**
   * Counts one request.
   * @param seconds undefined where the request is not timed
   * @param guessed whether the path is a guess, and no route that a framework has told
   */
  record(path: string, method: string, status: number, seconds: number | undefined, guessed = false): void {
    let series = this.#bound.get(path)?.get(method)?.get(status);
    if (series === undefined || (series.guessed && !guessed)) {
      series = this.#bind(path, this.methodLabel(method), status, guessed);
    }
    series.count++;
    if (seconds !== undefined) addValue(series, this.#bounds, seconds);
  }

  methodLabel(method: string): string {
    return this.#options.knownMethods.has(method) ? method : OTHER_METHOD;
  }

  #bind(path: string, method: string, status: number, guessed: boolean): RequestCounts {
    const { table, details, labels } = this.#options;
    const series = table.find({ path, method, status, details, ...labels }, guessed);
    // Beyond the limit of the table there may be any number of them: only the table's own are kept here.
    if (!Object.keys(labels).every((name) => series.labels[name] === labels[name])) return series;
    const byMethod = getOrAdd(this.#bound, path, () => new Map<string, Map<number, RequestCounts>>());
    getOrAdd(byMethod, method, () => new Map<number, RequestCounts>()).set(status, series);
    return series;
  }
}
