import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import { httpStatusOfGrpc, isGrpc } from '../base/grpc.ts';
import { guard } from '../base/guard.ts';
import { internalSymbol } from '../base/internal-symbol.ts';
import { CALL, CallRecord, type CallSink } from './call-record.ts';
import type { CallSource } from './call-source.ts';
import { watchChannels } from './channels.ts';
import { errorType } from './error-type.ts';
import { HttpTargets, locateOrigin } from './http-targets.ts';

type Stream = ClientHttp2Stream & { [CALL]?: StreamCall };
interface Message {
  readonly stream: Stream;
  readonly headers: OutgoingHttpHeaders | IncomingHttpHeaders;
  readonly error: unknown;
}

/** Error codes of HTTP/2. */
const NO_ERROR = 0;
const CANCEL = 8;

/**
 * Calls by `http2.connect`, and by what is built on it, such as grpc-js. Node publishes them from 22.17 and 24.2 on. A call
 * ends when its stream closes, and a tunnel when it is open. gRPC's status is told as the HTTP status that it means.
 */
export const http2Client: CallSource = {
  name: 'http2',
  watch({ sink, isIgnored, withDetails }) {
    const targets = new HttpTargets(withDetails, locateOrigin);
    /** The origin of each session; undefined for those of undici, which publishes its calls itself. */
    const origins = new WeakMap<ClientHttp2Session, string | undefined>();

    function originOf(session: ClientHttp2Session, headers: Message['headers']): string | undefined {
      if (!origins.has(session)) origins.set(session, isOfUndici(session) ? undefined : readOrigin(session, headers));
      return origins.get(session);
    }

    function onCreated({ stream, headers }: Message): void {
      const { session } = stream;
      // A stream with an even id was pushed by the server.
      if (session === undefined || (stream.id ?? 1) % 2 === 0) return;
      const origin = originOf(session as ClientHttp2Session, headers);
      if (origin === undefined || isIgnored(headers)) return;
      const call = new CallRecord(targets.find(origin, String(headers[':method'] ?? 'GET')), sink);
      if (withDetails) call.protocol = '2';
      stream[CALL] = new StreamCall(stream, call, sink, isGrpc(headers['content-type']));
    }

    return watchChannels<Message>('record an outgoing call over HTTP/2', {
      'http2.client.stream.created': onCreated,
      'http2.client.stream.finish': ({ stream, headers }) => stream[CALL]?.onResponse(headers),
      'http2.client.stream.close': ({ stream }) => stream[CALL]?.onClose(),
      'http2.client.stream.error': ({ stream, error }) => stream[CALL]?.onError(error),
    });
  },
};

/** The call of one stream. */
class StreamCall {
  readonly #stream: Stream;
  readonly #call: CallRecord;
  readonly #sink: CallSink;
  readonly #isGrpc: boolean;
  #status: number | undefined;
  #grpcStatus: unknown;

  constructor(stream: Stream, call: CallRecord, sink: CallSink, isGrpcCall: boolean) {
    this.#stream = stream;
    this.#call = call;
    this.#sink = sink;
    this.#isGrpc = isGrpcCall;
    if (isGrpcCall) stream.once('trailers', (trailers) => this.#readGrpcStatus(trailers));
  }

  onResponse(headers: Message['headers']): void {
    this.#status = Number(headers[':status']);
    if (this.#isGrpc) this.#readGrpcStatus(headers);
    if (this.#call.target.operation === 'CONNECT') this.#call.end(this.#sink, this.#status);
  }

  /** The trailers of a gRPC call and the error of a failed one come only after this, in the same turn. */
  onClose(): void {
    if (this.#status !== undefined && !this.#isGrpc && this.#stream.rstCode === NO_ERROR) this.#end();
    else void Promise.resolve().then(() => guard('end an outgoing call over HTTP/2', () => this.#end()));
  }

  onError(error: unknown): void {
    // A stream whose connection failed has that error as the cause.
    this.#end(errorType(Object(error).cause ?? error));
  }

  #readGrpcStatus(headers: Message['headers']): void {
    this.#grpcStatus ??= headers['grpc-status'];
  }

  #end(error?: string): void {
    this.#call.end(this.#sink, this.#isGrpc ? this.#statusOfGrpc() : this.#status, error);
  }

  /** A call that was cancelled after its answer had begun has the status of that answer: it was listening. */
  #statusOfGrpc(): number | undefined {
    if (this.#grpcStatus !== undefined) return httpStatusOfGrpc(Number(this.#grpcStatus));
    const { rstCode } = this.#stream;
    const isCut = this.#status === 200 && rstCode !== NO_ERROR && rstCode !== CANCEL;
    return isCut ? 500 : this.#status;
  }
}

const sessionAuthority = internalSymbol<ClientHttp2Session, string>('authority');
const sessionProtocol = internalSymbol<ClientHttp2Session, string>('protocol');

/** The origin that a session is connected to. `:authority` may name another one, as the header `Host` may. */
function readOrigin(session: ClientHttp2Session, headers: Message['headers']): string {
  const authority = sessionAuthority(session) ?? String(headers[':authority'] ?? headers.host ?? '');
  const protocol = sessionProtocol(session) ?? `${headers[':scheme'] ?? 'https'}:`;
  // Node keeps an IPv6 address without brackets, and always with a port.
  return `${protocol}//${authority.replace(/^([^[]*:.*)(:\d+)$/, '[$1]$2')}`;
}

/** undici's symbol on its sessions, in each of its versions. */
const isOfUndici = (session: ClientHttp2Session): boolean =>
  Object.getOwnPropertySymbols(session).some(({ description }) => description === 'client');
