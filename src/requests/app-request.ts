import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { internalSymbol } from './internal-symbol.ts';
import type { RequestRecord } from './request-record.ts';

/** A request as the app has it. */
export type AppRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Node's compatibility API for HTTP/2 keeps its request in a property of the stream. */
const compatRequest = internalSymbol<ServerHttp2Stream, AppRequest>('request');

/** The request that the app's handlers had. Where they had only an HTTP/2 stream, an object with its headers. */
export function appRequestOf({ key, method, url, http2Headers }: RequestRecord): AppRequest {
  if (http2Headers === undefined) return key as IncomingMessage;
  return compatRequest(key as ServerHttp2Stream) ?? { method, url, headers: http2Headers as IncomingHttpHeaders };
}
