import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import {
  METHOD,
  OTHER_METHOD,
  ROUTE,
  SERVER_ACTIVE,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../semconv.ts';
import { type Distribution, distribution, observe, Stream, type Total, total } from './stream.ts';

/** Where one (path, method, status) is counted. */
interface Bound {
  readonly requests: Total;
  readonly duration: Distribution;
}

type ByStatus = Map<number, Bound>;

/**
 * Bound series: what OpenTelemetry's specification calls Bind and the JS SDK lacks. The first request of a (path,
 * method, status) resolves its series through the Views; afterwards recording is a map look-up and two additions.
 */
export class RequestSeries {
  readonly requests: Stream<Total>;
  readonly duration: Stream<Distribution>;
  readonly active: Stream<Total>;
  readonly #bound = new Map<string, Map<string, ByStatus>>();
  readonly #activeByMethod = new Map<string, Total>();
  readonly #methods: ReadonlySet<string>;

  constructor(views: readonly ViewOptions[], knownMethods: readonly string[]) {
    this.requests = new Stream({ name: SERVER_REQUESTS, description: 'Finished HTTP requests.' }, views, total);
    this.duration = new Stream(
      {
        name: SERVER_DURATION,
        description: "Seconds from a request's arrival to the end of its response.",
      },
      views,
      distribution,
    );
    this.active = new Stream({ name: SERVER_ACTIVE, description: 'HTTP requests in flight.' }, views, total);
    this.#methods = new Set(knownMethods);
  }

  /** The gauge of requests with this method that are being answered. */
  activeOf(method: string): Total {
    const known = this.#activeByMethod.get(method);
    if (known !== undefined) return known;
    const label = this.#label(method);
    const gauge = this.active.bind({ [METHOD]: label });
    // Unknown methods are a client's to invent, so they are not kept.
    if (label === method) this.#activeByMethod.set(method, gauge);
    return gauge;
  }

  /** Counts one request. @param seconds undefined where the time is no request's duration */
  record(path: string, method: string, status: number, seconds: number | undefined): void {
    const bound = this.#bound.get(path)?.get(method)?.get(status) ?? this.#bind(path, this.#label(method), status);
    bound.requests.value++;
    if (seconds !== undefined) observe(bound.duration, this.duration.boundaries, seconds);
  }

  #label(method: string): string {
    return this.#methods.has(method) ? method : OTHER_METHOD;
  }

  #bind(path: string, method: string, status: number): Bound {
    const byMethod = getOrAdd(this.#bound, path, () => new Map<string, ByStatus>());
    const byStatus = getOrAdd(byMethod, method, () => new Map<number, Bound>());
    return getOrAdd(byStatus, status, () => {
      const attributes = { [ROUTE]: path, [METHOD]: method, [STATUS_CODE]: status };
      return { requests: this.requests.bind(attributes), duration: this.duration.bind(attributes) };
    });
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
