import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { compatRequestOf } from '../requests/app-request.ts';
import { type RequestKey, recordOf } from '../requests/request-record.ts';

/** The request as frameworks get it from Node. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/**
 * The request as handlers get it, from its arrival until it ends. Over HTTP/2 that is the request of Node's compatibility
 * API, or the stream where a server has only `stream` listeners.
 */
export function handledRequestOf(key: RequestKey): RequestKey {
  if (recordOf(key)?.http2Headers === undefined) return key;
  // It is made to be used like a request of HTTP/1.
  return (compatRequestOf(key) as IncomingMessage | undefined) ?? key;
}

/**
 * A place for what one framework shows of a request while it handles it: a property of our own record, which a request has
 * from its arrival on. The alternatives are slower. A WeakMap costs microseconds, garbage collection included. A property
 * of the request itself does too in Express, which gives each request a new prototype and so, up to Node 22, a new shape.
 */
export class RequestSlot<T> {
  readonly #symbol: symbol;

  /** @param name of the framework */
  constructor(name: string) {
    this.#symbol = Symbol(name);
  }

  /**
   * Nothing is kept for a request that is not measured.
   * @param request as its handlers get it, or its key
   */
  set(request: object, value: T): void {
    const record = slotsOf<T>(request);
    if (record !== undefined) record[this.#symbol] = value;
  }

  get(request: object): T | undefined {
    return slotsOf<T>(request)?.[this.#symbol];
  }
}

const slotsOf = <T>(request: object) => recordOf(request) as Record<symbol, T> | undefined;
