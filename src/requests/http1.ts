import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { reportFailure } from '../config/log.ts';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import { RECORD, RequestRecord, type RequestSink } from './record.ts';

/** Published before the `request` listeners run; not for malformed requests, upgrades with a listener and CONNECT. */
const ARRIVAL = 'http.server.request.start';

interface Arrival {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
  server: Server;
}

type Response = ServerResponse & { [RECORD]?: RequestRecord; _header?: string | null };
type PipeliningSocket = Socket & { _httpMessage?: ServerResponse | null };

/** What Node itself wrote to the socket when it gave up on a request whose handler had sent no header yet. */
const ANSWERED_BY_NODE: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Watches every HTTP/1 server of this process, present and future.
 * @returns stops watching; requests already arrived are still ended
 */
export function watchHttp1(sink: RequestSink): () => void {
  const queued = new WeakMap<Socket, Set<Response>>();

  function finish(response: Response): void {
    const record = response[RECORD];
    if (record === undefined) return;
    if (response.headersSent && !record.queued) record.end(sink, response.statusCode, isEventStream(response));
    else record.end(sink, unsentStatus(record), false);
  }

  /** One function for all responses: a closure for each would be most of what a request costs. */
  function onClose(this: Response): void {
    finish(this);
  }

  /**
   * A response behind another of its connection gets the socket only when its turn comes; until then nothing of it is
   * sent, whatever its handler has written. Up to Node 22 it gets no `close` either when the socket goes before.
   */
  function watchQueued(socket: Socket, response: Response, record: RequestRecord): void {
    const waiting = queued.get(socket) ?? new Set<Response>();
    if (!queued.has(socket)) {
      queued.set(socket, waiting);
      socket.once('close', () => waiting.forEach(finish));
    }
    record.queued = true;
    waiting.add(response);
    response.once('socket', () => {
      record.queued = false;
      waiting.delete(response);
    });
  }

  function onArrival(message: unknown): void {
    try {
      const { request, response, socket, server } = message as Arrival;
      const record = new RequestRecord(request, server, request.method ?? '', request.url ?? '');
      if (!sink.arrived(record)) return;
      (response as Response)[RECORD] = record;
      response.on('close', onClose);
      // A response is assigned to its socket only after this, so one that is there is another request's.
      if ((socket as PipeliningSocket)._httpMessage) watchQueued(socket, response, record);
    } catch (cause) {
      // A throwing subscriber would be an uncaught exception of the app.
      reportFailure('see a request arrive', cause);
    }
  }

  subscribe(ARRIVAL, onArrival);
  return () => void unsubscribe(ARRIVAL, onArrival);
}

function unsentStatus({ carrier, server }: RequestRecord): number {
  const { errored } = (carrier as IncomingMessage).socket;
  const code = (errored as NodeJS.ErrnoException | null)?.code ?? '';
  const known = ANSWERED_BY_NODE[code] ?? (code.startsWith('HPE_') ? 400 : undefined);
  // With a clientError listener the app answers by itself, in bytes that nobody else sees.
  if (known !== undefined && (server as Server).listenerCount('clientError') === 0) return known;
  return CLIENT_CLOSED_REQUEST;
}

/**
 * The header block as it was sent: `getHeader` does not know what `writeHead` was given. It is a plain own property in
 * every supported Node; where it should ever be missing, `getHeader` still knows the usual way. V8 looks for up to six
 * characters three times as fast as for more, so those go first.
 */
function isEventStream(response: Response): boolean {
  const sent = response._header;
  if (typeof sent === 'string') return sent.includes('/event') && sent.includes('text/event-stream');
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}
