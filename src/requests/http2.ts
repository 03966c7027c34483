import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { guard, reportFailure } from '../base/guard.ts';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import { isHttp2 } from './listen.ts';
import { type AnyServer, RECORD, RequestRecord, type RequestSink } from './request-record.ts';

/** Published for each stream that a server starts to answer, pushed ones included. From Node 22.17 and 24.2. */
const ARRIVAL_CHANNEL = 'http2.server.stream.start';

type Stream = ServerHttp2Stream & { [RECORD]?: RequestRecord };

export interface Http2Watch {
  /** Watches one HTTP/2 server by a listener, for Node versions without the channel. */
  addServer(server: AnyServer): void;
  stop(): void;
}

/**
 * Watches HTTP/2 servers: all of them by the channel, and those passed to `addServer` also by a listener, because older
 * versions of Node have no channel. Never by a `request` listener: it would switch a server to the compatibility API.
 */
export function watchHttp2(sink: RequestSink): Http2Watch {
  function onClose(this: Stream): void {
    try {
      // `sentHeaders` alone is not enough: it is also set when `respond` rejected them, and unset when a file failed to send.
      const headers = this.headersSent ? this.sentHeaders : undefined;
      if (headers === undefined) this[RECORD]?.end(sink, CLIENT_CLOSED_REQUEST, false);
      else this[RECORD]?.end(sink, Number(headers[':status']), isEventStream(headers));
    } catch (cause) {
      reportFailure('record the end of an HTTP/2 request', cause);
    }
  }

  /** Up to Node 24 a stream may close without the event, when its client leaves while a response is being written. */
  function onEnd(this: Stream): void {
    if (this.closed) onClose.call(this);
  }

  function arrive(stream: Stream, headers: IncomingHttpHeaders, server: AnyServer): void {
    try {
      const method = headers[':method'];
      // A pushed stream (even id) is not a request, and CONNECT opens a tunnel.
      if (stream[RECORD] !== undefined || method === 'CONNECT' || (stream.id ?? 0) % 2 === 0) return;
      const record = new RequestRecord(stream, server, String(method ?? ''), String(headers[':path'] ?? ''));
      // Set also where it is not measured: the channel and the listener may both publish this stream.
      stream[RECORD] = record;
      if (!sink.arrived(record, headers)) return;
      stream.on('close', onClose);
      stream.on('end', onEnd);
    } catch (cause) {
      reportFailure('record an HTTP/2 request arrival', cause);
    }
  }

  const onChannel = (message: unknown): void => {
    const { stream, headers } = message as { stream: Stream; headers: IncomingHttpHeaders };
    const { session } = stream;
    arrive(
      stream,
      headers,
      guard('find the server of an HTTP/2 session', () => serverOf(session as ServerHttp2Session | undefined)) ??
        stream,
    );
  };
  function onStream(this: AnyServer, stream: Stream, headers: IncomingHttpHeaders): void {
    arrive(stream, headers, this);
  }

  const servers = new Set<WeakRef<Emitter>>();
  subscribe(ARRIVAL_CHANNEL, onChannel);
  return {
    addServer(server) {
      if (!isHttp2(server)) return;
      const emitter = server as Emitter;
      servers.add(new WeakRef(emitter));
      emitter.prependListener('stream', onStream);
    },
    stop() {
      unsubscribe(ARRIVAL_CHANNEL, onChannel);
      for (const server of servers) server.deref()?.off('stream', onStream);
    },
  };
}

type Emitter = AnyServer & Pick<NodeJS.EventEmitter, 'prependListener' | 'off'>;

/** Names have the letter case that the app used: only on the wire they are lower case. */
function isEventStream(headers: OutgoingHttpHeaders): boolean {
  let type = headers['content-type'];
  if (type === undefined) {
    for (const name in headers) if (name.length === 12 && name.toLowerCase() === 'content-type') type = headers[name];
  }
  return typeof type === 'string' && type.startsWith('text/event-stream');
}

let serverSymbol: symbol | undefined;

/** A session keeps its server in a property whose symbol is internal to Node. */
function serverOf(session: ServerHttp2Session | undefined): AnyServer | undefined {
  if (session === undefined) return undefined;
  serverSymbol ??= Object.getOwnPropertySymbols(session).find((symbol) => symbol.description === 'server');
  return serverSymbol && (session as unknown as Record<symbol, AnyServer>)[serverSymbol];
}
