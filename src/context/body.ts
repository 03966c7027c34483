import type { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { RequestRecord } from '../requests/request-record.ts';

type Body = Pick<IncomingMessage, 'push'>;

/**
 * Carries the context of a request into the events of its body. Node emits them in the context of the connection, or on
 * HTTP/2 of its session, which may be that of no request or of another one. Everything that a body emits follows from `push`,
 * by which Node hands it on: so that runs in the context. Requests without a body are left as they are.
 */
export function bindBody<T>(request: RequestRecord, storage: AsyncLocalStorage<T>, context: T): void {
  if (!hasBody(request)) return;
  const body: Body = request.key;
  const push = body.push.bind(body);
  // Not enumerable, because apps log and copy their requests.
  Object.defineProperty(body, 'push', {
    value: (chunk: unknown, encoding?: BufferEncoding) => storage.run(context, push, chunk, encoding),
    configurable: true,
    writable: true,
    enumerable: false,
  });
}

function hasBody({ key, http2Headers }: RequestRecord): boolean {
  if (http2Headers !== undefined) return !(key as ServerHttp2Stream).endAfterHeaders;
  const { rawHeaders } = key as IncomingMessage;
  // `headers` would parse all of them, which some apps never need.
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === CONTENT_LENGTH.length && name.toLowerCase() === CONTENT_LENGTH)
      return rawHeaders[i + 1] !== '0';
    if (name.length === TRANSFER_ENCODING.length && name.toLowerCase() === TRANSFER_ENCODING) return true;
  }
  return false;
}

const CONTENT_LENGTH = 'content-length';
const TRANSFER_ENCODING = 'transfer-encoding';
