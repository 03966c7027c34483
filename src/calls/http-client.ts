import type { ClientRequest, IncomingMessage } from 'node:http';
import { loadBuiltin } from '../base/builtin.ts';
import { getOrAdd } from '../base/get-or-add.ts';
import { guard } from '../base/guard.ts';
import { type AgentOptions, watchAgents } from './agent-requests.ts';
import { CALL, CallRecord, type CallTarget } from './call-record.ts';
import type { CallSource } from './call-source.ts';
import { watchChannels } from './channels.ts';
import { errorType } from './error-type.ts';
import { authorityOf, knowsAuthority } from './http-authority.ts';
import { HttpTargets, locateAuthority, locateSocket } from './http-targets.ts';

const ACTION = 'record an outgoing HTTP call';

const { errorMonitor } = loadBuiltin<typeof import('node:events')>('node:events');

/** Published when the app has made a request. Node 20 has no such channel. */
const CREATED_CHANNEL = 'http.client.request.created';
/** Published when a request has been sent: not yet while it waits for a connection, or for its own body. */
const SENT_CHANNEL = 'http.client.request.start';
/** Published when the head of the response has arrived. */
const RESPONSE_CHANNEL = 'http.client.response.finish';

type Request = ClientRequest & { [CALL]?: CallRecord; res?: IncomingMessage | null };
type Response = IncomingMessage & { [CALL]?: CallRecord };
interface Message {
  request: Request;
  response: Response;
}

const NODE_MAJOR = Number.parseInt(process.versions.node, 10);

/**
 * Calls by Node's `http` and `https`, however they were imported, and by all that is built on them, such as axios and got.
 * A call ends with its response's last byte, as the app reads it; without that, when its request fails or closes.
 */
export const httpClient: CallSource = {
  name: 'http',
  watch({ sink, isIgnored, withDetails }) {
    const byProtocol = new Map<string, HttpTargets>();
    const sockets = new HttpTargets(withDetails, locateSocket);
    let stopAgents: (() => void) | undefined;

    function targetOf(request: Request, options: AgentOptions | undefined): CallTarget {
      const { socketPath, protocol, method } = request as Request & { socketPath?: string };
      if (socketPath) return sockets.find(socketPath, method);
      const targets =
        byProtocol.get(protocol) ??
        getOrAdd(byProtocol, protocol, () => {
          return new HttpTargets(withDetails, (authority) => locateAuthority(protocol, authority));
        });
      return targets.find(authorityOf(request, options), method);
    }

    function start(request: Request, options?: AgentOptions): void {
      // Several channels may publish one request.
      if (request[CALL] !== undefined || isIgnored(request)) return;
      request[CALL] = new CallRecord(targetOf(request, options), sink);
      request.on(errorMonitor, onError);
      request.on('close', onClose);
    }

    const watchOwnAgents = () => watchAgents((request, options) => void guard(ACTION, () => start(request, options)));

    function onCreated({ request }: Message): void {
      if (stopAgents === undefined && !knowsAuthority(request)) stopAgents = watchOwnAgents();
      start(request);
    }

    function onResponse({ request, response }: Message): void {
      const call = request[CALL];
      if (call === undefined) return;
      if (withDetails) call.protocol = response.httpVersion;
      response[CALL] = call;
      response.on('end', onEnd);
    }

    function onEnd(this: Response): void {
      this[CALL]?.end(sink, this.statusCode);
    }

    function onError(this: Request, error: unknown): void {
      this[CALL]?.end(sink, this.res?.statusCode, errorType(error));
    }

    /** An upgrade, a response that nobody read or that was cut off, or a request that was aborted before it had a socket. */
    function onClose(this: Request): void {
      const { [CALL]: call, res } = this;
      if (!call?.isOpen) return;
      if (withDetails) call.protocol = res?.httpVersion;
      call.end(sink, res?.statusCode, res?.errored ? errorType(res.errored) : undefined);
    }

    // Node 20 does not publish when a request is made, and Node 22 does not tell its port.
    if (NODE_MAJOR < 24) stopAgents = watchOwnAgents();
    const stopChannels = watchChannels<Message>(ACTION, {
      [CREATED_CHANNEL]: onCreated,
      [SENT_CHANNEL]: ({ request }) => start(request),
      [RESPONSE_CHANNEL]: onResponse,
    });
    return () => {
      stopChannels();
      stopAgents?.();
    };
  },
};
