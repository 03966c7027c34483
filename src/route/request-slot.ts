import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { RECORD, type RequestKey } from '../requests/request-record.ts';

/** The request as frameworks get it from Node. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** For HTTP/2 the stream is the key: it is the object that we know from the arrival to the end of a request. */
export function requestKeyOf(request: NodeRequest): RequestKey {
  return (request as Partial<Http2ServerRequest>).stream ?? (request as IncomingMessage);
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

  /** Nothing is kept for a request that is not measured. */
  set(key: object, value: T): void {
    const record = (key as Recorded<T>)[RECORD];
    if (record !== undefined) record[this.#symbol] = value;
  }

  get(key: object): T | undefined {
    return (key as Recorded<T>)[RECORD]?.[this.#symbol];
  }
}

interface Recorded<T> {
  readonly [RECORD]?: Record<symbol, T>;
}
