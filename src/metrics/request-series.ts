import { getOrAdd } from '../base/get-or-add.ts';
import { OTHER_METHOD } from '../semconv.ts';
import type { RequestLabels } from './kinds.ts';
import { type ActiveRequests, countValue, type Series } from './model.ts';
import type { SeriesTable } from './series-table.ts';

type RequestCounts = Series<RequestLabels>;

/**
 * The requests of this process. Its series are bound, which OpenTelemetry's specification calls Bind and the JS SDK
 * lacks: the first request of a (path, method, status) finds its series by a text, and every later one by a few map
 * look-ups and additions.
 */
export class RequestSeries {
  /** Requests in flight, by method. */
  readonly active: ActiveRequests[];
  readonly #table: SeriesTable<RequestLabels>;
  readonly #bounds: readonly number[];
  readonly #methods: ReadonlySet<string>;
  readonly #details: string | undefined;
  readonly #bound = new Map<string, Map<string, Map<number, RequestCounts>>>();
  readonly #activeByMethod = new Map<string, ActiveRequests>();
  #refreshActive: () => void = () => {};

  /**
   * @param knownMethods `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`; every other method is `_OTHER`
   * @param details      of every request that is recorded here
   * @param active       where requests with other details are in flight, too
   */
  constructor(
    table: SeriesTable<RequestLabels>,
    knownMethods: readonly string[],
    details?: string,
    active: ActiveRequests[] = [],
  ) {
    this.active = active;
    this.#details = details;
    this.#table = table;
    this.#bounds = table.kind.bounds ?? [];
    this.#methods = new Set(knownMethods);
  }

  /** Requests in flight, as of now. */
  readActive(): readonly ActiveRequests[] {
    this.#refreshActive();
    return this.active;
  }

  /** @param refresh called before each `readActive`: some requests end without an event */
  refreshActiveWith(refresh: () => void): void {
    this.#refreshActive = refresh;
  }

  /** The gauge of requests in flight with this method. */
  activeOf(method: string): ActiveRequests {
    const known = this.#activeByMethod.get(method);
    if (known !== undefined) return known;
    // Clients may invent methods without end, so an unknown one gets no entry of its own.
    const label = this.#label(method);
    return getOrAdd(this.#activeByMethod, label, () => {
      const active = { method: label, ...(this.#details && { details: this.#details }), requests: 0 };
      this.active.push(active);
      return active;
    });
  }

  /** Counts one request. @param seconds undefined where the request is not timed */
  record(path: string, method: string, status: number, seconds: number | undefined): void {
    const series = this.#bound.get(path)?.get(method)?.get(status) ?? this.#bind(path, this.#label(method), status);
    series.count++;
    if (seconds !== undefined) countValue(series, this.#bounds, seconds);
  }

  #label(method: string): string {
    return this.#methods.has(method) ? method : OTHER_METHOD;
  }

  #bind(path: string, method: string, status: number): RequestCounts {
    const byMethod = getOrAdd(this.#bound, path, () => new Map<string, Map<number, RequestCounts>>());
    const byStatus = getOrAdd(byMethod, method, () => new Map<number, RequestCounts>());
    return getOrAdd(byStatus, status, () => this.#table.find({ path, method, status, details: this.#details }));
  }
}
