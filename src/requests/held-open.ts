import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http2';
import type { RequestRecord } from './request-record.ts';
import { sentHeader } from './sent-header.ts';

/**
 * Requests that a client opens to listen: event streams, long polls, watches. They stay open until something happens, so
 * their duration says nothing about the service: they are counted and not timed. All are GETs. A stream that answers
 * work, such as a POST that is answered in pieces, is timed to its end, because its client waits for that.
 */

/** Types of endless answers: server-sent events, the pictures of a camera, a watch of a Kubernetes API. */
const LISTENING_TYPE = /^(text\/event-stream|multipart\/x-mixed-replace)\b|;\s*stream=watch\b/i;
const TYPE_IN_HEADER = /^content-type: *([^\r\n]*)/im;
const EVENT_STREAM = 'text/event-stream';

/** A Kubernetes API may answer a watch with the type of plain JSON. */
const WATCH_QUERY = /[?&]watch=(true|1)(&|$)/;
const JSON_TYPE = /^application\/json\b/i;

/** Whether a response of HTTP/1 was opened to listen, sent or not. */
export function isHeldOpen(record: RequestRecord, response: ServerResponse & { _header?: string | null }): boolean {
  if (record.method !== 'GET') return false;
  if (isPoll(record.url)) return true;
  // An endless response has no length, so it is sent in chunks, or until the connection closes.
  const isEndless = response.chunkedEncoding || !response.shouldKeepAlive;
  let type = response.getHeader('content-type');
  // `getHeader` does not return headers that were only passed to `writeHead`, so their text is read.
  if (type === undefined && isEndless) type = TYPE_IN_HEADER.exec(response._header ?? '')?.[1];
  if (type !== undefined) return isListeningType(String(type), record.url, isEndless);
  // The client left before any header: what it asked for.
  return !response.headersSent && (record.key as IncomingMessage).headers.accept === EVENT_STREAM;
}

/** Whether a stream of HTTP/2 was opened to listen. @param headers what was sent; undefined where nothing was */
export function isHeldOpenStream(record: RequestRecord, headers: OutgoingHttpHeaders | undefined): boolean {
  if (record.method !== 'GET') return false;
  if (isPoll(record.url)) return true;
  const type = sentHeader(headers, 'content-type');
  return type !== undefined && isListeningType(String(type), record.url, !hasLength(headers));
}

const hasLength = (headers: OutgoingHttpHeaders | undefined) => sentHeader(headers, 'content-length') !== undefined;

function isListeningType(type: string, url: string, isEndless: boolean): boolean {
  if (type.startsWith(EVENT_STREAM)) return true;
  return isEndless && (LISTENING_TYPE.test(type) || (JSON_TYPE.test(type) && WATCH_QUERY.test(url)));
}

/**
 * A poll of Engine.IO, which is below socket.io, on any path: the server holds it until there is a message, up to 25
 * seconds. The first request of a session has no `sid`, is answered at once, and is timed.
 */
function isPoll(url: string): boolean {
  return url.includes('transport=polling') && /[?&]EIO=\d/.test(url) && /[?&]sid=/.test(url);
}
