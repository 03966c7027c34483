import type { Server } from 'node:http';
import { guard } from '../base/guard.ts';
import type { AnyServer } from '../requests/request-record.ts';
import { isHttp2 } from '../requests/serving.ts';
import { UNMATCHED } from '../semconv.ts';
import { DOES_NOT_LISTEN, type ServerStatus } from '../status.ts';
import type { RouteAdapter } from './adapter.ts';
import type { ResolvedPath } from './capped-paths.ts';
import { ServedRoutes } from './served-routes.ts';

const STATE: unique symbol = Symbol('@org/apm server');

/**
 * What is kept for each server, as a property of it: it lives as long as the server.
 * @property adapters   of the frameworks that were found behind its listeners
 * @property served     the routes that have answered its requests
 * @property watched    the paths of requests that were watched for a framework behind a listener of the app
 * @property arrivals   requests that have arrived
 * @property ended      requests that have ended
 * @property answered   ended requests with a status below 400
 * @property routed     ended requests with a route
 * @property unmatched  ended requests that no route answered
 * @property isFed      whether the server did not listen when its first request arrived: other code passes it connections
 */
export interface ServerState {
  readonly adapters: RouteAdapter[];
  readonly served: ServedRoutes<ResolvedPath>;
  readonly watched: Set<string>;
  isFed: boolean;
  arrivals: number;
  ended: number;
  answered: number;
  routed: number;
  unmatched: number;
}

/** Every server that listened or received a request, until the app drops it. */
const servers = new Set<WeakRef<AnyServer>>();
const dropped = new FinalizationRegistry((server: WeakRef<AnyServer>) => servers.delete(server));

export function stateOf(server: AnyServer & { [STATE]?: ServerState }): ServerState {
  const known = server[STATE];
  if (known !== undefined) return known;
  const state: ServerState = {
    adapters: [],
    served: new ServedRoutes(),
    watched: new Set(),
    isFed: false,
    arrivals: 0,
    ended: 0,
    answered: 0,
    routed: 0,
    unmatched: 0,
  };
  Object.defineProperty(server, STATE, { value: state });
  const reference = new WeakRef(server);
  servers.add(reference);
  dropped.register(server, reference);
  return state;
}

/**
 * Counts a request that has ended.
 * @param resolved  its path
 * @param status    of its response
 */
export function countEnded(server: AnyServer, { path, routed }: ResolvedPath, status: number): void {
  const state = stateOf(server);
  state.ended++;
  if (status < 400) state.answered++;
  if (routed) state.routed++;
  else if (path === UNMATCHED) state.unmatched++;
}

/** The app's servers that listen now, or answer connections of other code, in the order they were first seen. */
export function serversStatus(): ServerStatus[] {
  const found: ServerStatus[] = [];
  for (const reference of servers) {
    const server = reference.deref();
    // An app may have replaced any method that is called here.
    const status = server && guard("read a server's address", () => statusOf(server as Server));
    if (status !== undefined) found.push(status);
  }
  return found;
}

function statusOf(server: Server): ServerStatus | undefined {
  const { adapters, isFed, ended, answered, routed, unmatched } = stateOf(server);
  if (!isListening(server) && !(isFed && ended > 0)) return undefined;
  const secure = isSecure(server);
  return {
    address: addressOf(server, secure),
    protocol: isHttp2(server) ? 'http2' : secure ? 'https' : 'http',
    frameworks: adapters.map(({ name }) => name),
    requests: { ended, answered, routed, unmatched },
  };
}

export const isListening = (server: AnyServer): boolean => (server as Partial<Server>).listening === true;

/** Only the TLS servers of http and http2 have this method. */
function isSecure(server: AnyServer): boolean {
  return typeof (server as { setSecureContext?: unknown }).setSecureContext === 'function';
}

function addressOf(server: Server, secure: boolean): string {
  if (!isListening(server)) return DOES_NOT_LISTEN;
  const bound = server.address();
  if (typeof bound === 'string') return `unix:${bound}`;
  const { address = '', port } = bound ?? {};
  return `${secure ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
