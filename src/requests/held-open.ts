import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http2';
import type { RequestRecord } from './request-record.ts';
import { sentHeader } from './sent-header.ts';

/**
 * Requests that a client opens to listen: event streams, long polls, watches. They stay open until something happens, so
 * their duration says nothing about the service: they are counted and not timed. All are GETs. A stream that answers
 * work, such as a POST that is answered in pieces, is timed to its end, because its client waits for that.
 */

const EVENT_STREAM = 'text/event-stream';
/** The pictures of a camera. */
const PICTURES = 'multipart/x-mixed-replace';
/** The end of the type of a watch of a Kubernetes API. */
const WATCH = 'stream=watch';
/** A Kubernetes API may also answer a watch with the type of plain JSON. */
const JSON_TYPE = 'application/json';
const WATCH_QUERY = /[?&]watch=(true|1)(&|$)/;

/** The same in the text of a header. */
const LISTENING_HEADER = /^content-type: *(text\/event-stream|multipart\/x-mixed-replace|[^\r]*; *stream=watch)\b/im;
const JSON_HEADER = /^content-type: *application\/json\b/im;

/** Node's own state of the header and the length of a response. */
type Response = ServerResponse & { _header?: string | null; _contentLength?: number | null };

/** Whether a response of HTTP/1 was opened to listen, sent or not. */
export function isHeldOpen(record: RequestRecord, response: Response): boolean {
  const { method, url, key } = record;
  if (method !== 'GET') return false;
  if (isPoll(url)) return true;
  // An endless response has no length, so it is sent in chunks, or until the connection closes. The connection may also
  // close for another reason: proxies such as nginx ask for that by default.
  const isEndless =
    (response.chunkedEncoding || !response.shouldKeepAlive) && typeof response._contentLength !== 'number';
  const type = response.getHeader('content-type');
  if (type !== undefined) return isListeningType(String(type), url, isEndless);
  // `getHeader` does not return headers that were only passed to `writeHead`, so their text is read.
  const header = response._header;
  if (typeof header === 'string') return isEndless && isListeningHeader(header, url);
  // The client left before any header: what it asked for.
  return (key as IncomingMessage).headers.accept === EVENT_STREAM;
}

const isListeningHeader = (header: string, url: string): boolean =>
  LISTENING_HEADER.test(header) || (WATCH_QUERY.test(url) && JSON_HEADER.test(header));

/** Whether a stream of HTTP/2 was opened to listen. @param headers what was sent; undefined where nothing was */
export function isHeldOpenStream(record: RequestRecord, headers: OutgoingHttpHeaders | undefined): boolean {
  if (record.method !== 'GET') return false;
  if (isPoll(record.url)) return true;
  // The client left before any header: what it asked for.
  if (headers === undefined) return record.http2Headers?.accept === EVENT_STREAM;
  const type = sentHeader(headers, 'content-type');
  return type !== undefined && isListeningType(String(type), record.url, !hasLength(headers));
}

const hasLength = (headers: OutgoingHttpHeaders | undefined) => sentHeader(headers, 'content-length') !== undefined;

function isListeningType(type: string, url: string, isEndless: boolean): boolean {
  if (type.startsWith(EVENT_STREAM)) return true;
  if (!isEndless) return false;
  return type.startsWith(PICTURES) || type.endsWith(WATCH) || (type.startsWith(JSON_TYPE) && WATCH_QUERY.test(url));
}

/** Shorter URLs are not searched: a poll has two fixed parameters and an id of 20 characters. */
const MIN_POLL_CHARS = 45;

/**
 * A poll of Engine.IO, which is below socket.io, on any path: the server holds it until there is a message, up to 25
 * seconds. The first request of a session has no `sid`, is answered at once, and is timed.
 */
function isPoll(url: string): boolean {
  if (url.length < MIN_POLL_CHARS) return false;
  return url.includes('transport=polling') && /[?&]EIO=\d/.test(url) && /[?&]sid=/.test(url);
}
