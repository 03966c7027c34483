import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { now } from '../base/clock.ts';
import { reportFailure } from '../base/guard.ts';
import type { BodySizes } from './body-sizes.ts';

/**
 * How a gRPC call ended.
 * @property status       the HTTP status of its gRPC status; 499 where the client left before the server sent one
 * @property isCut        whether the client left after the answer had begun: it was listening
 * @property showsMethod  whether the answer shows that the server has the method
 */
export interface CallOutcome {
  readonly status: number;
  readonly isCut: boolean;
  readonly showsMethod: boolean;
}

/** Any net.Server. */
export type AnyServer = object;

/** The object that frameworks pass along for one request; adapters keep the route on it. */
export type RequestKey = IncomingMessage | ServerHttp2Stream;

/** The property with a request's record: on Node's request and response, or on the HTTP/2 stream. */
export const RECORD: unique symbol = Symbol('@org/apm request');

/** Receives each measured request twice: when it arrives, and at most once when it ends. */
export interface RequestSink {
  /** @returns whether this request is measured */
  arrived(request: RequestRecord): boolean;
  ended(request: RequestRecord): void;
  /** Its connection was passed to another process, which answers and counts it. It is in flight there, not here. */
  left(request: RequestRecord): void;
}

/**
 * One request, from arrival to end. One object serves both moments, so that a request costs one allocation.
 * @property key          the IncomingMessage, or the HTTP/2 stream
 * @property url          the request target at arrival, with its query; frameworks rewrite `request.url`
 * @property method       as sent; not yet limited to the known methods
 * @property seconds      from arrival to the end of the response; monotonic clock; set at the end
 * @property status       as sent; 499 where the client left before any header; set at the end
 * @property heldOpen     whether the client opened it to listen (see held-open.ts), so that it is not timed; set at the end
 * @property call         how it ended as a gRPC call, whose URL is the name of its method; undefined for other requests
 * @property ignored      set to exclude the request from the metrics, because it was the scrape itself
 * @property http2Headers of a request over HTTP/2; over HTTP/1 the IncomingMessage has them
 * @property sizes        of the bodies, where they are measured; set at the end
 * @property start        on the monotonic clock, in milliseconds
 * @property tag          free for the sink
 * @property context      likewise
 */
export class RequestRecord {
  readonly key: RequestKey;
  readonly server: AnyServer;
  readonly method: string;
  readonly url: string;
  seconds = 0;
  status = 0;
  heldOpen = false;
  call: CallOutcome | undefined = undefined;
  ignored = false;
  http2Headers: IncomingHttpHeaders | undefined = undefined;
  sizes: BodySizes | undefined = undefined;
  tag: unknown = undefined;
  context: unknown = undefined;
  readonly start = now();
  #open = true;

  constructor(key: RequestKey, server: AnyServer, method: string, url: string) {
    this.key = key;
    this.server = server;
    this.method = method;
    this.url = url;
  }

  /** Whether the connection is encrypted; behind a proxy, whether the one from the proxy is. */
  get isEncrypted(): boolean {
    // Not the session of an HTTP/2 stream, because a stream that has ended has none.
    const { socket } = this.key as { socket?: { encrypted?: boolean } };
    return socket === undefined ? 'setSecureContext' in this.server : socket.encrypted === true;
  }

  /** Ends the request. Only the first call reaches the sink, because several events may report the same end. */
  end(sink: RequestSink, status: number, heldOpen: boolean): void {
    if (!this.#open) return;
    this.#open = false;
    this.seconds = (now() - this.start) / 1000;
    this.status = status;
    this.heldOpen = heldOpen;
    try {
      sink.ended(this);
    } catch (cause) {
      reportFailure('record a request', cause);
    }
  }
}

type Recorded = { [RECORD]?: RequestRecord | undefined };

/**
 * The record of a request; undefined where the request is not measured.
 * @param message  Node's request or response, or the HTTP/2 stream. Those of the compatibility API for HTTP/2 have the
 *                 record on their stream
 */
export function recordOf(message: object): RequestRecord | undefined {
  return (message as Recorded)[RECORD] ?? (message as { stream?: Recorded }).stream?.[RECORD];
}

/** Makes a response of our own answer the request of a record. */
export function setRecord(response: ServerResponse, record: RequestRecord | undefined): void {
  (response as Recorded)[RECORD] = record;
}
