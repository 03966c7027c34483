import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { guard, reportFailure } from '../base/guard.ts';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import { RECORD, RequestRecord, type RequestSink } from './request-record.ts';

/** Published before the `request` listeners run; not for malformed requests, upgrades with a listener and CONNECT. */
const ARRIVAL = 'http.server.request.start';
/** Published when a response has been handed over to the system as a whole. */
const FINISH = 'http.server.response.finish';

/** Where a connection keeps the responses it still owes, in the order of their requests. */
const OWED: unique symbol = Symbol('@org/apm responses');

interface Message {
  request: IncomingMessage & { [RECORD]?: RequestRecord };
  response: Response;
  socket: Connection;
  server: Server;
}
type Connection = Socket & { [OWED]?: Response[] };
/** What Node keeps of the header: its text, whether it was handed over, and what still waits for the connection. */
type Response = ServerResponse & {
  [RECORD]?: RequestRecord;
  _header?: string | null;
  _headerSent?: boolean;
  outputData?: { data: unknown }[];
};

/** What Node itself wrote to the socket when it gave up on a request whose handler had sent no header yet. */
const ANSWERED_BY_NODE: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};
/** In the middle of a body. Node answers this too, but the client has gone. */
const CLIENT_ENDED = 'HPE_INVALID_EOF_STATE';

/**
 * Watches every HTTP/1 server of this process, present and future. A request ends when its response has been sent, or
 * else with its connection. Both are learnt without a listener on the response: apps remove those, take the socket
 * away from it, and up to Node 22 a response queued behind a pipelined one hears nothing of its connection's end.
 * @returns stops watching; requests under way end with their connections
 */
export function watchHttp1(sink: RequestSink): () => void {
  function onArrival(message: unknown): void {
    try {
      const { request, response, socket, server } = message as Message;
      const record = new RequestRecord(request, server, request.method ?? '', request.url ?? '');
      if (!sink.arrived(record)) return;
      // Before frameworks change what these are: from then on each may have a shape of its own, and be slow to add to.
      request[RECORD] = record;
      response[RECORD] = record;
      const owed = socket[OWED];
      if (owed !== undefined) owed.push(response);
      else {
        socket[OWED] = [response];
        socket.on('close', onClose);
      }
    } catch (cause) {
      // A throwing subscriber would be an uncaught exception of the app.
      reportFailure('see a request arrive', cause);
    }
  }

  function onFinish(message: unknown): void {
    try {
      const { response, socket } = message as Message;
      const owed = socket[OWED];
      if (owed === undefined) return;
      // Nearly always the one response that is owed.
      if (owed.length === 1 && owed[0] === response) owed.pop();
      else {
        const at = owed.indexOf(response);
        if (at >= 0) owed.splice(at, 1);
      }
      end(response, true);
    } catch (cause) {
      reportFailure('see a request end', cause);
    }
  }

  function onClose(this: Connection): void {
    // Responses leave in the order of their requests: what Node writes by itself is for the first.
    this[OWED]?.splice(0).forEach((response, i) => {
      guard('see a request end', () => end(response, i === 0));
    });
  }

  function end(response: Response, first: boolean): void {
    const record = response[RECORD];
    if (record === undefined) return;
    if (isSent(response)) record.end(sink, sentStatus(response), isEventStream(response));
    else record.end(sink, first ? unsentStatus(record) : CLIENT_CLOSED_REQUEST, false);
  }

  subscribe(ARRIVAL, onArrival);
  subscribe(FINISH, onFinish);
  return () => {
    unsubscribe(ARRIVAL, onArrival);
    unsubscribe(FINISH, onFinish);
  };
}

/** `writeHead` alone sends nothing, and behind a pipelined response, or on a connection ended before, a header waits. */
function isSent(response: Response): boolean {
  const waiting = response.outputData?.[0]?.data;
  if (typeof waiting === 'string' && waiting.startsWith(response._header ?? 'HTTP/')) return false;
  return response._headerSent ?? response.headersSent;
}

/**
 * As it was sent: apps go on to set `statusCode` after that. Node noted its text then; where that is another, `HTTP/1.1
 * 200 OK` says it, whose reading would cost a fifth of what a request costs here, because its parts are not joined yet.
 */
function sentStatus({ _header, statusCode, statusMessage }: Response): number {
  if (statusMessage === STATUS_CODES[statusCode] || typeof _header !== 'string') return statusCode;
  return Number(_header.slice(9, 12));
}

function unsentStatus({ key: carrier, server }: RequestRecord): number {
  const { errored } = (carrier as IncomingMessage).socket;
  const code = (errored as NodeJS.ErrnoException | null)?.code ?? '';
  const known = ANSWERED_BY_NODE[code] ?? (code.startsWith('HPE_') && code !== CLIENT_ENDED ? 400 : undefined);
  // With a clientError listener the app answers by itself, in bytes that nobody else sees.
  if (known !== undefined && (server as Server).listenerCount('clientError') === 0) return known;
  return CLIENT_CLOSED_REQUEST;
}

const EVENT_STREAM = /^content-type: *text\/event-stream\b/im;

/**
 * `getHeader` does not know what `writeHead` was given where nothing was set before: then the header says it, and is read
 * only where it may. An event stream has no length, so it comes in chunks or until the connection ends.
 */
function isEventStream(response: Response): boolean {
  const type = response.getHeader('content-type');
  if (type !== undefined) return String(type).startsWith('text/event-stream');
  const sent = response._header;
  const endless = response.chunkedEncoding || !response.shouldKeepAlive;
  return endless && typeof sent === 'string' && EVENT_STREAM.test(sent);
}
