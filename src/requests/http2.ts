import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { guard, reportFailure } from '../base/guard.ts';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import { isHttp2 } from './listen.ts';
import { type AnyServer, RECORD, RequestRecord, type RequestSink } from './request-record.ts';

/** Published for each stream a server begins to answer, pushed ones too. From Node 22.17 and 24.2. */
const ARRIVAL = 'http2.server.stream.start';

type Stream = ServerHttp2Stream & { [RECORD]?: RequestRecord };

export interface Http2Watch {
  /** Sees the requests of one HTTP/2 server where Node has no channel for them. */
  addServer(server: AnyServer): void;
  stop(): void;
}

/**
 * Watches HTTP/2 servers: all of them by channel, and by a listener those told of, which is what older Nodes have.
 * Never a `request` listener: it would switch a server to the compatibility API.
 */
export function watchHttp2(sink: RequestSink): Http2Watch {
  function onClose(this: Stream): void {
    try {
      // `sentHeaders` is also there when `respond` threw at them, and not when a file could not be sent.
      const headers = this.headersSent ? this.sentHeaders : undefined;
      if (headers === undefined) this[RECORD]?.end(sink, CLIENT_CLOSED_REQUEST, false);
      else this[RECORD]?.end(sink, Number(headers[':status']), isEventStream(headers));
    } catch (cause) {
      reportFailure('see an HTTP/2 request end', cause);
    }
  }

  /** Up to Node 24 a stream whose client leaves while an answer is being written may be closed, and never say so. */
  function onEnd(this: Stream): void {
    if (this.closed) onClose.call(this);
  }

  function arrive(stream: Stream, headers: IncomingHttpHeaders, server: AnyServer): void {
    try {
      const method = headers[':method'];
      // A pushed stream (even id) is no request, and CONNECT is a tunnel.
      if (stream[RECORD] !== undefined || method === 'CONNECT' || (stream.id ?? 0) % 2 === 0) return;
      const record = new RequestRecord(stream, server, String(method ?? ''), String(headers[':path'] ?? ''));
      if (!sink.arrived(record)) return;
      stream[RECORD] = record;
      stream.on('close', onClose);
      stream.on('end', onEnd);
    } catch (cause) {
      reportFailure('see an HTTP/2 request arrive', cause);
    }
  }

  const onChannel = (message: unknown): void => {
    const { stream, headers } = message as { stream: Stream; headers: IncomingHttpHeaders };
    const { session } = stream;
    arrive(
      stream,
      headers,
      guard('find a server', () => serverOf(session as ServerHttp2Session | undefined)) ?? stream,
    );
  };
  function onStream(this: AnyServer, stream: Stream, headers: IncomingHttpHeaders): void {
    arrive(stream, headers, this);
  }

  const servers = new Set<WeakRef<Emitter>>();
  subscribe(ARRIVAL, onChannel);
  return {
    addServer(server) {
      if (!isHttp2(server)) return;
      const emitter = server as Emitter;
      servers.add(new WeakRef(emitter));
      emitter.prependListener('stream', onStream);
    },
    stop() {
      unsubscribe(ARRIVAL, onChannel);
      for (const server of servers) server.deref()?.off('stream', onStream);
    },
  };
}

type Emitter = AnyServer & Pick<NodeJS.EventEmitter, 'prependListener' | 'off'>;

/** The names are as the app wrote them; only on the wire are they in lower case. */
function isEventStream(headers: OutgoingHttpHeaders): boolean {
  let type = headers['content-type'];
  if (type === undefined) {
    for (const name in headers) if (name.length === 12 && name.toLowerCase() === 'content-type') type = headers[name];
  }
  return typeof type === 'string' && type.startsWith('text/event-stream');
}

let serverSymbol: symbol | undefined;

/** A session keeps its server under a symbol of Node's own. */
function serverOf(session: ServerHttp2Session | undefined): AnyServer | undefined {
  if (session === undefined) return undefined;
  serverSymbol ??= Object.getOwnPropertySymbols(session).find((symbol) => symbol.description === 'server');
  return serverSymbol && (session as unknown as Record<symbol, AnyServer>)[serverSymbol];
}
