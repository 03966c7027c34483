import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Carrier } from '../requests/record.ts';

/** The request as frameworks get it from Node. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** Of an HTTP/2 request the stream is what is known from arrival to end. */
export function carrierOf(request: NodeRequest): Carrier {
  return (request as Partial<Http2ServerRequest>).stream ?? (request as IncomingMessage);
}

/**
 * A place on requests for what one framework shows while it handles them. A property costs a tenth of what a WeakMap
 * does where requests have one shape.
 */
export class Carried<T> {
  readonly #key: symbol;

  /** @param name of the framework */
  constructor(name: string) {
    this.#key = Symbol(`@org/apm ${name}`);
  }

  put(carrier: Carrier, value: T): void {
    (carrier as unknown as Record<symbol, T>)[this.#key] = value;
  }

  of(carrier: Carrier): T | undefined {
    return (carrier as unknown as Record<symbol, T | undefined>)[this.#key];
  }
}
