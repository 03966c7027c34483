import { bindCallback } from './bind-callback.ts';
import { CALL, CallRecord } from './call-record.ts';
import type { CallSource, CallSourceOptions } from './call-source.ts';
import { watchChannels } from './channels.ts';
import type { Method } from './databases/patches.ts';
import { errorType } from './error-type.ts';
import { HttpTargets, locateOrigin } from './http-targets.ts';

/** undici's request. An upgraded one has the protocol, such as `websocket`. */
interface Request {
  [CALL]?: CallRecord;
  readonly origin: string | URL;
  readonly method: string;
  readonly upgrade?: string | boolean | null;
  onUpgrade?(status: number, ...rest: unknown[]): unknown;
}
interface Message {
  readonly request: Request;
  readonly response: { readonly statusCode: number };
  readonly error: unknown;
  readonly socket: { readonly alpnProtocol?: string | false | null };
}

/** Whether a request only opens a tunnel through a proxy. The call is made through it, and is published, too. */
const isTunnel = ({ method }: Request): boolean => method === 'CONNECT';

/**
 * Calls by `fetch` and by every copy of undici, the built-in one and installed ones. A redirect or a retry is a call of its
 * own. A call ends with the last byte of its response.
 */
export const fetchClient: CallSource = {
  name: 'fetch',
  watch({ sink, isIgnored, withDetails, contexts }) {
    const targets = new HttpTargets(withDetails, locateOrigin);

    function onCreate({ request }: Message): void {
      if (isTunnel(request) || isIgnored(request)) return;
      const { origin, method } = request;
      const call = new CallRecord(targets.find(typeof origin === 'string' ? origin : origin.origin, method), sink);
      request[CALL] = call;
      if (contexts !== undefined) bindAnswer(request, contexts);
      if (request.upgrade) endAtUpgrade(request, (status) => call.end(sink, status));
    }

    function onConnection({ request, socket }: Message): void {
      const call = request[CALL];
      if (call !== undefined) call.protocol = socket.alpnProtocol === 'h2' ? '2' : '1.1';
    }

    function onHeaders({ request, response }: Message): void {
      const call = request[CALL];
      if (call !== undefined) call.status = response.statusCode;
    }

    function onEnd({ request }: Message): void {
      const call = request[CALL];
      call?.end(sink, call.status);
    }

    function onError({ request, error }: Message): void {
      const call = request[CALL];
      call?.end(sink, call.status, errorType(error));
    }

    return watchChannels<Message>('record an outgoing call by fetch', {
      'undici:request:create': onCreate,
      'undici:request:headers': onHeaders,
      'undici:request:trailers': onEnd,
      'undici:request:error': onError,
      ...(withDetails && { 'undici:client:sendHeaders': onConnection }),
    });
  },
};

/** How a connection hands the answer to a request: in undici 5 to 7, and in 8. */
const ANSWER_METHODS = [
  'onHeaders',
  'onData',
  'onComplete',
  'onError',
  'onResponseStart',
  'onResponseData',
  'onResponseEnd',
  'onResponseError',
] as const;

/**
 * undici hands on an answer in the context of the request that opened the connection. What follows from the answer, such as a
 * redirect or another try, belongs to the request that made the call.
 */
function bindAnswer(request: Request, contexts: NonNullable<CallSourceOptions['contexts']>): void {
  const methods = request as unknown as Record<string, Method | undefined>;
  for (const name of ANSWER_METHODS) {
    const method = methods[name];
    if (typeof method === 'function') methods[name] = bindCallback(contexts, method);
  }
}

/** Several versions of undici publish nothing when a connection is upgraded, so this request's own method tells it. */
function endAtUpgrade(request: Request, end: (status: number) => void): void {
  const { onUpgrade } = request;
  if (typeof onUpgrade !== 'function') return;
  request.onUpgrade = function (status, ...rest) {
    end(status);
    return onUpgrade.call(this, status, ...rest);
  };
}
