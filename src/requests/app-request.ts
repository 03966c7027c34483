import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { internalSymbol } from '../base/internal-symbol.ts';
import type { RequestKey, RequestRecord } from './request-record.ts';

/** A request as the app has it. */
export type AppRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Node's compatibility API for HTTP/2 keeps its request in a property of the stream. */
const compatRequest = internalSymbol<ServerHttp2Stream, AppRequest>('request');

/**
 * The request of Node's compatibility API for HTTP/2, which Node keeps in a property of the stream until the stream closes.
 * @returns undefined where the app's handlers got only the stream
 * @see https://github.com/nodejs/node/blob/v24.0.0/lib/internal/http2/compat.js
 */
export const compatRequestOf = (stream: RequestKey): AppRequest | undefined =>
  compatRequest(stream as ServerHttp2Stream);

/** The request as it arrives: over HTTP/2 an object with its headers, which its stream does not have. */
export const arrivingRequestOf = ({ key, method, url, http2Headers }: RequestRecord): AppRequest =>
  http2Headers === undefined ? (key as IncomingMessage) : { method, url, headers: http2Headers as IncomingHttpHeaders };

/** The request that the app's handlers had. Where they had only an HTTP/2 stream, an object with its headers. */
export function appRequestOf(record: RequestRecord): AppRequest {
  const compat = record.http2Headers && compatRequestOf(record.key);
  return compat ?? arrivingRequestOf(record);
}
