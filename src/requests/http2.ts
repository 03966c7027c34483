import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { isGrpc } from '../base/grpc.ts';
import { guard, reportFailure } from '../base/guard.ts';
import { internalSymbol } from '../base/internal-symbol.ts';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import { watchHttp2Sizes } from './body-sizes.ts';
import { callOutcome } from './grpc.ts';
import { isHeldOpenStream } from './held-open.ts';
import { OpenCalls } from './open-calls.ts';
import { type AnyServer, RECORD, RequestRecord, type RequestSink } from './request-record.ts';
import { sentHeader } from './sent-header.ts';
import { type ArrivalMessage, HTTP2_ARRIVAL_CHANNEL, isHttp2 } from './serving.ts';

type Stream = ServerHttp2Stream & { [RECORD]?: RequestRecord };

export interface Http2Watch {
  /** Watches one HTTP/2 server by a listener, for Node versions without the channel. */
  addServer(server: AnyServer): void;
  /** Records a request that arrived before this watch began. */
  requestArrives(message: ArrivalMessage): void;
  stop(): void;
}

/**
 * Watches HTTP/2 servers: all of them by the channel, and those passed to `addServer` also by a listener, because older
 * versions of Node have no channel. Never by a `request` listener: it would switch a server to the compatibility API.
 * @param hasSizes whether the sizes of bodies are measured
 */
export function watchHttp2(sink: RequestSink, hasSizes = false): Http2Watch {
  const calls = new OpenCalls();

  function onClose(this: Stream): void {
    try {
      // `sentHeaders` alone is not enough: it is also set when `respond` rejected them, and unset when a file failed to send.
      const headers = this.headersSent ? this.sentHeaders : undefined;
      const record = this[RECORD];
      if (record === undefined) return;
      if (calls.has(this)) endCall(this, record, headers);
      else endRequest(record, headers);
    } catch (cause) {
      reportFailure('record the end of an HTTP/2 request', cause);
    }
  }

  function endRequest(record: RequestRecord, headers: OutgoingHttpHeaders | undefined): void {
    const status = headers === undefined ? CLIENT_CLOSED_REQUEST : Number(headers[':status']);
    record.end(sink, status, isHeldOpenStream(record, headers));
  }

  function endCall(stream: Stream, record: RequestRecord, headers: OutgoingHttpHeaders | undefined): void {
    const isStream = calls.remove(stream, record.url);
    // Otherwise something before the gRPC server answered, such as a router.
    if (headers !== undefined && !isGrpc(sentHeader(headers, 'content-type'))) endRequest(record, headers);
    else {
      record.call = callOutcome(stream, headers);
      record.end(sink, record.call.status, isStream || record.call.isCut);
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
      record.http2Headers = headers;
      if (!sink.arrived(record)) return;
      if (method === 'POST' && isGrpc(headers['content-type'])) calls.add(stream);
      if (hasSizes) measureSizes(stream, record);
      stream.on('close', onClose);
      stream.on('end', onEnd);
    } catch (cause) {
      reportFailure('record an HTTP/2 request arrival', cause);
    }
  }

  /** `finish` too: after it, Node may have forgotten its counters before the stream closes. */
  function measureSizes(stream: Stream, record: RequestRecord): void {
    const readSizes = watchHttp2Sizes(stream);
    const onEvent = () => void guard('measure the bodies of an HTTP/2 request', () => (record.sizes = readSizes()));
    for (const event of ['finish', 'end', 'close']) stream.prependListener(event, onEvent);
  }

  const onChannel = (message: unknown): void => {
    const { stream, headers } = message as { stream: Stream; headers: IncomingHttpHeaders };
    const { session } = stream;
    arrive(
      stream,
      headers,
      guard('find the server of an HTTP/2 session', () => session && serverOf(session as ServerHttp2Session)) ?? stream,
    );
  };
  function onStream(this: AnyServer, stream: Stream, headers: IncomingHttpHeaders): void {
    arrive(stream, headers, this);
  }

  const servers = new Set<WeakRef<Emitter>>();
  subscribe(HTTP2_ARRIVAL_CHANNEL, onChannel);
  return {
    requestArrives: onChannel,
    addServer(server) {
      if (!isHttp2(server)) return;
      const emitter = server as Emitter;
      servers.add(new WeakRef(emitter));
      emitter.prependListener('stream', onStream);
    },
    stop() {
      unsubscribe(HTTP2_ARRIVAL_CHANNEL, onChannel);
      for (const server of servers) server.deref()?.off('stream', onStream);
    },
  };
}

type Emitter = AnyServer & Pick<NodeJS.EventEmitter, 'prependListener' | 'off'>;

/** A session keeps its server. */
const serverOf = internalSymbol<ServerHttp2Session, AnyServer>('server');
