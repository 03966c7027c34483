import type { IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { now } from '../base/clock.ts';
import { reportFailure } from '../base/guard.ts';

/** A net.Server, HTTP or not: what a request came in on. */
export type AnyServer = object;

/** What frameworks hand around for one request; adapters leave and find the route on it. */
export type RequestKey = IncomingMessage | ServerHttp2Stream;

/** Where a request's record is kept: on Node's request and response, or on the stream of HTTP/2. */
export const RECORD: unique symbol = Symbol('@org/apm request');

/** Receives each measured request twice: when it arrives and, exactly once, when it ends. */
export interface RequestSink {
  /** @returns false to leave this request unmeasured */
  arrived(request: RequestRecord): boolean;
  ended(request: RequestRecord): void;
}

/**
 * One request, from arrival to end. The same object serves both moments, so that a request costs one allocation.
 * @property carrier      the IncomingMessage, or the stream of HTTP/2
 * @property url          the request target as it arrived, with its query; frameworks rewrite `request.url`
 * @property method       as sent; not yet limited to the known ones
 * @property seconds      from arrival to the end of the response; monotonic clock; set at the end
 * @property status       as sent; 499 when the client left before any header; set at the end
 * @property eventStream  the response was `text/event-stream`: its time is a connection's, not a request's; set at the end
 * @property leftOut      set to have it not counted: it was the scrape itself
 * @property tag          for the sink's own use
 */
export class RequestRecord {
  readonly key: RequestKey;
  readonly server: AnyServer;
  readonly method: string;
  readonly url: string;
  seconds = 0;
  status = 0;
  eventStream = false;
  leftOut = false;
  tag: unknown = undefined;
  #start = now();
  #open = true;

  constructor(carrier: RequestKey, server: AnyServer, method: string, url: string) {
    this.key = carrier;
    this.server = server;
    this.method = method;
    this.url = url;
  }

  /** Ends the request: the first call reaches the sink, whichever event it came from; later ones do nothing. */
  end(sink: RequestSink, status: number, eventStream: boolean): void {
    if (!this.#open) return;
    this.#open = false;
    this.seconds = (now() - this.#start) / 1000;
    this.status = status;
    this.eventStream = eventStream;
    try {
      sink.ended(this);
    } catch (cause) {
      reportFailure('record a request', cause);
    }
  }
}
