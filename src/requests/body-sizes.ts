import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { internalSymbol } from '../base/internal-symbol.ts';

/** Bytes of the bodies of a request and of its response, as they were on the wire: compressed, and what was sent. */
export interface BodySizes {
  request: number;
  response: number;
}

/** How many bytes a connection had received and sent when its last response ended. */
const MARK: unique symbol = Symbol('@org/apm bytes');
type Connection = Socket & { [MARK]?: { read: number; written: number } };

/** Node's own state of the header and the length of a response. */
type Response = ServerResponse & { _header?: string | null; _contentLength?: number | null; _sent100?: boolean };

/** `HTTP/1.1 100 Continue` and two ends of a line, which Node sends before the response to `Expect: 100-continue`. */
const CONTINUE_BYTES = 25;

/** Called when a response has ended whose sizes are not asked for. */
export function markEnd(socket: Connection): void {
  socket[MARK] = { read: socket.bytesRead ?? 0, written: socket.bytesWritten ?? 0 };
}

/** Called when a request arrives at a connection that has nothing else to answer. */
export function markArrival(socket: Connection): void {
  const read = socket[MARK]?.read ?? 0;
  socket[MARK] = { read, written: socket.bytesWritten ?? 0 };
}

/**
 * The sizes over HTTP/1, from the counters of the connection: nothing listens to the app's streams. What is sent in chunks
 * includes their framing, as in nginx's `$body_bytes_sent`: its share is not known here.
 * @param url     the request target as it arrived; frameworks rewrite `request.url`
 * @param isSent  whether the header of the response was sent
 */
export function readHttp1Sizes(request: IncomingMessage, url: string, response: Response, isSent: boolean): BodySizes {
  const socket = request.socket as Connection;
  const mark = socket[MARK] ?? { read: 0, written: 0 };
  // A stream of the app in place of a socket has no counters.
  const bytesRead = socket.bytesRead ?? mark.read;
  const bytesWritten = socket.bytesWritten ?? mark.written;
  const sizes = {
    request: requestBytes(request, bytesRead - mark.read, url),
    response: isSent ? responseBytes(response, bytesWritten - mark.written) : 0,
  };
  socket[MARK] = { read: bytesRead, written: bytesWritten };
  return sizes;
}

function responseBytes({ _header, _contentLength, _sent100 }: Response, written: number): number {
  const sent = Math.max(0, written - (_header?.length ?? 0) - (_sent100 ? CONTINUE_BYTES : 0));
  // Early hints are among what was written.
  return typeof _contentLength === 'number' ? Math.min(sent, _contentLength) : sent;
}

function requestBytes(request: IncomingMessage, read: number, url: string): number {
  const { headers, complete } = request;
  const length = headers['content-length'];
  if (length === undefined && headers['transfer-encoding'] === undefined) return 0;
  if (length !== undefined && complete) return Number(length);
  const received = Math.max(0, read - headerBytes(request, url));
  return length === undefined ? received : Math.min(received, Number(length));
}

/** As clients write it: one blank after each colon. */
function headerBytes({ method = '', rawHeaders, httpVersion }: IncomingMessage, url: string): number {
  let bytes = method.length + url.length + `  HTTP/${httpVersion}\r\n\r\n`.length;
  for (const text of rawHeaders) bytes += text.length + 2;
  return bytes;
}

/** Node counts the payload of each HTTP/2 stream in its native part. */
const nativeStream = internalSymbol<ServerHttp2Stream, { bytesRead?: number; bytesWritten?: number }>('kHandle');

/**
 * The sizes over HTTP/2. Node forgets its counters some time before the stream closes, so they are read at each of its
 * last events.
 * @returns reads the counters again, and returns the sizes
 */
export function watchHttp2Sizes(stream: ServerHttp2Stream): () => BodySizes {
  const native = nativeStream(stream);
  const sizes: BodySizes = { request: 0, response: 0 };
  return () => {
    sizes.request = Math.max(sizes.request, native?.bytesRead ?? 0);
    sizes.response = Math.max(sizes.response, native?.bytesWritten ?? 0);
    return sizes;
  };
}
