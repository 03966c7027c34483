import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { RECORD, type RequestKey } from '../requests/request-record.ts';

/** The request as frameworks get it from Node. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** Of an HTTP/2 request the stream is what is known from arrival to end. */
export function requestKeyOf(request: NodeRequest): RequestKey {
  return (request as Partial<Http2ServerRequest>).stream ?? (request as IncomingMessage);
}

/**
 * A place for what one framework shows of a request while it handles it: on our own record, which a request has from its
 * arrival on. A WeakMap costs microseconds, collections included, and so may a new property of the request: Express
 * gives each one another prototype, and up to Node 22 a shape of its own with it.
 */
export class RequestSlot<T> {
  readonly #key: symbol;

  /** @param name of the framework */
  constructor(name: string) {
    this.#key = Symbol(name);
  }

  /** Nothing is kept of a request that is not measured. */
  set(carrier: object, value: T): void {
    const record = (carrier as Recorded<T>)[RECORD];
    if (record !== undefined) record[this.#key] = value;
  }

  get(carrier: object): T | undefined {
    return (carrier as Recorded<T>)[RECORD]?.[this.#key];
  }
}

interface Recorded<T> {
  readonly [RECORD]?: Record<symbol, T>;
}
