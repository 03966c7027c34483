import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { internalSymbol } from './internal-symbol.ts';
import type { RequestRecord } from './request-record.ts';

/** A request as the app has it. */
export type AppRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Node's compatibility API for HTTP/2 keeps its request in a property of the stream. */
export const compatRequest = internalSymbol<ServerHttp2Stream, AppRequest>('request');

/** The request as it arrives: over HTTP/2 an object with its headers, which its stream does not have. */
export const arrivingRequestOf = ({ key, method, url, http2Headers }: RequestRecord): AppRequest =>
  http2Headers === undefined ? (key as IncomingMessage) : { method, url, headers: http2Headers as IncomingHttpHeaders };

/** The request that the app's handlers had. Where they had only an HTTP/2 stream, an object with its headers. */
export function appRequestOf(record: RequestRecord): AppRequest {
  const compat = record.http2Headers && compatRequest(record.key as ServerHttp2Stream);
  return compat ?? arrivingRequestOf(record);
}
