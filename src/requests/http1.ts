import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { loadBuiltin } from '../base/builtin.ts';
import { guard, reportFailure } from '../base/guard.ts';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import { markArrival, markEnd, readHttp1Sizes } from './body-sizes.ts';
import { Connections } from './connections.ts';
import { isHeldOpen } from './held-open.ts';
import { RECORD, RequestRecord, type RequestSink } from './request-record.ts';
import { type ArrivalMessage, HTTP1_ARRIVAL_CHANNEL } from './serving.ts';

const { STATUS_CODES } = loadBuiltin<typeof import('node:http')>('node:http');

/** Published when Node has passed the whole response to the operating system. */
const FINISH_CHANNEL = 'http.server.response.finish';

/** Where a connection keeps its unfinished responses, in the order of their requests. */
const PENDING_RESPONSES: unique symbol = Symbol('@org/apm responses');

interface Message {
  request: IncomingMessage & { [RECORD]?: RequestRecord };
  response: Response;
  socket: Connection;
  server: Server;
}
type Connection = Socket & { [PENDING_RESPONSES]?: Response[] };
/** Node's own state of the header: its text, whether it was passed to the socket, and what still waits for the socket. */
type Response = ServerResponse & {
  [RECORD]?: RequestRecord;
  _header?: string | null;
  _headerSent?: boolean;
  outputData?: { data: unknown }[];
};

/** The status that Node itself writes when it gives up on a request whose handler has sent no header yet, by error code. */
const ANSWERED_BY_NODE: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};
/** The client left in the middle of a body. Node answers this too, but nobody receives it. */
const CLIENT_ENDED = 'HPE_INVALID_EOF_STATE';

export interface Http1Watch {
  /** Records a request that arrived before this watch began. */
  requestArrives(message: ArrivalMessage): void;
  /** Ends the requests whose connections left without an event. */
  sweep(): void;
  /** Stops watching. Requests in flight end with their connections. */
  stop(): void;
}

/**
 * Watches every HTTP/1 server of this process, present and future. A request ends when its response has been sent, or
 * when its connection closes. No listener is added to the response, for three reasons: apps remove listeners, apps detach
 * the socket, and up to Node 22 a response that is queued behind a pipelined one gets no event when its connection closes.
 * @param hasSizes whether the sizes of bodies are measured
 */
export function watchHttp1(sink: RequestSink, hasSizes = false): Http1Watch {
  const connections = new Connections<Connection>({
    onEnd: (connection) => onClose.call(connection),
    onPassed: (connection) => {
      for (const { [RECORD]: record } of connection[PENDING_RESPONSES] ?? [])
        if (record !== undefined) sink.left(record);
    },
  });

  function onArrival(message: unknown): void {
    try {
      const { request, response, socket, server } = message as Message;
      // The first request of a process may come twice: from this channel, and from the preload.
      if (request[RECORD] !== undefined) return;
      const record = new RequestRecord(request, server, request.method ?? '', request.url ?? '');
      // Set before frameworks replace the prototypes: after that each object may have its own shape, and adding is slow.
      request[RECORD] = record;
      if (!sink.arrived(record)) return;
      response[RECORD] = record;
      const pending = socket[PENDING_RESPONSES];
      if (hasSizes && !pending?.length) markArrival(socket);
      if (pending !== undefined) pending.push(response);
      else {
        socket[PENDING_RESPONSES] = [response];
        socket.on('close', onClose);
        connections.add(socket);
      }
    } catch (cause) {
      // A subscriber that throws would be an uncaught exception of the app.
      reportFailure('record a request arrival', cause);
    }
  }

  function onFinish(message: unknown): void {
    try {
      const { response, socket, server } = message as Message;
      connections.onAnswer(server);
      if (hasSizes && response[RECORD] === undefined) markEnd(socket);
      const pending = socket[PENDING_RESPONSES];
      if (pending === undefined) return;
      // Nearly always the connection has only this response.
      if (pending.length === 1 && pending[0] === response) pending.pop();
      else {
        const index = pending.indexOf(response);
        if (index >= 0) pending.splice(index, 1);
      }
      end(response, true);
    } catch (cause) {
      reportFailure('record the end of a request', cause);
    }
  }

  function onClose(this: Connection): void {
    connections.delete(this);
    // Responses are sent in the order of their requests: what Node itself wrote answers the first.
    this[PENDING_RESPONSES]?.splice(0).forEach((response, i) => {
      guard('record the end of a request', () => end(response, i === 0, connections.isPassedOn(this)));
    });
  }

  /**
   * @param first      whether it is the first unfinished response of its connection
   * @param elsewhere  whether another process may have answered on the connection
   */
  function end(response: Response, first: boolean, elsewhere = false): void {
    const record = response[RECORD];
    if (record === undefined) return;
    const sent = isSent(response);
    if (hasSizes) {
      const { key, url } = record;
      record.sizes = guard('measure the bodies of a request', () =>
        readHttp1Sizes(key as IncomingMessage, url, response, sent),
      );
    }
    const heldOpen = readHeldOpen(record, response);
    if (sent) record.end(sink, sentStatus(response), heldOpen);
    else if (elsewhere) sink.left(record);
    else record.end(sink, first ? unsentStatus(record) : CLIENT_CLOSED_REQUEST, heldOpen);
  }

  subscribe(HTTP1_ARRIVAL_CHANNEL, onArrival);
  subscribe(FINISH_CHANNEL, onFinish);
  return {
    requestArrives: onArrival,
    sweep: () => connections.sweep(),
    stop() {
      unsubscribe(HTTP1_ARRIVAL_CHANNEL, onArrival);
      unsubscribe(FINISH_CHANNEL, onFinish);
    },
  };
}

/** `writeHead` alone sends nothing. A header waits behind a pipelined response, and on a connection that has ended. */
function isSent(response: Response): boolean {
  const waiting = response.outputData?.[0]?.data;
  if (typeof waiting === 'string' && waiting.startsWith(response._header ?? 'HTTP/')) return false;
  return response._headerSent ?? response.headersSent;
}

/**
 * The status that was actually sent. Apps may change `statusCode` afterwards, so compare it with `statusMessage`, which
 * Node fixed when it wrote the header; parse the header text only if they disagree. Parsing joins the parts of the header,
 * and would take a fifth of the time that a request costs here.
 */
function sentStatus({ _header, statusCode, statusMessage }: Response): number {
  if (statusMessage === STATUS_CODES[statusCode] || typeof _header !== 'string') return statusCode;
  return Number(_header.slice(9, 12));
}

function unsentStatus({ key, server }: RequestRecord): number {
  const { errored } = (key as IncomingMessage).socket;
  const code = (errored as NodeJS.ErrnoException | null)?.code ?? '';
  const known = ANSWERED_BY_NODE[code] ?? (code.startsWith('HPE_') && code !== CLIENT_ENDED ? 400 : undefined);
  // With a `clientError` listener the app itself answers, in bytes that cannot be observed.
  if (known !== undefined && (server as Server).listenerCount('clientError') === 0) return known;
  return CLIENT_CLOSED_REQUEST;
}

/** An app may have replaced what is read here. Its request is counted all the same. */
function readHeldOpen(record: RequestRecord, response: Response): boolean {
  try {
    return isHeldOpen(record, response);
  } catch (cause) {
    reportFailure('tell whether a request is held open', cause);
    return false;
  }
}
