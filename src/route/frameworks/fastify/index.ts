import { guard } from '../../../base/guard.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../../request-slot.ts';
import { watchFastifyCreated } from './instances.ts';

interface FastifyInstance {
  readonly server: object;
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: unknown, done: () => void) => void): void;
}
interface FastifyRequest {
  readonly raw: NodeRequest;
  readonly is404: boolean;
  /** Makes a new object each time it is read. */
  readonly routeOptions?: { readonly url?: string };
  readonly [symbol: symbol]: object;
}

const carried = new RequestSlot<FastifyRequest>('Fastify');
const servers = new WeakSet<object>();
/** By what Fastify keeps for each route. Undefined in it: what answers where no route does. */
const routes = new WeakMap<object, { readonly path: string | undefined }>();

/** Hooks an instance, told of by the message of the channel. What goes wrong is the caller's to catch. */
export function hookFastify(message: unknown): void {
  const { fastify } = message as { fastify: FastifyInstance };
  if (servers.has(fastify.server)) return;
  servers.add(fastify.server);
  // First of all hooks, and on the root: each later one may answer, and each plugin inherits it.
  fastify.addHook('onRequest', noteRequest);
}

/** By this name apps find it in what Fastify prints of its hooks. */
function noteRequest(request: FastifyRequest, _reply: unknown, done: () => void): void {
  carried.set(requestKeyOf(request.raw), request);
  done();
}

/**
 * Hooks every instance made from now on: Fastify shows its routes to hooks, and those must be there before the app's.
 * @returns hooks no more
 */
export const watchFastify = (): (() => void) =>
  watchFastifyCreated((message) => guard('hook Fastify', () => hookFastify(message)));

/** Fastify 4 and 5. */
export const fastify: RouteAdapter = {
  name: 'Fastify',

  // A server of the app's own making shows itself only in a request.
  recognise: (candidate) => servers.has(candidate as object),
  recogniseRequest: (carrier) => carried.get(carrier) !== undefined,

  routeOf(carrier) {
    const request = carried.get(carrier);
    if (request === undefined) return undefined;
    const context = contextOf(request);
    let route = context && routes.get(context);
    if (route === undefined) {
      route = { path: request.is404 ? undefined : request.routeOptions?.url };
      if (context !== undefined) routes.set(context, route);
    }
    return route.path;
  },
};

let contextSymbol: symbol | undefined;

/** One object for each route, under a symbol of Fastify's own. */
function contextOf(request: FastifyRequest): object | undefined {
  const known = contextSymbol && request[contextSymbol];
  if (known !== undefined) return known;
  contextSymbol = Object.getOwnPropertySymbols(request).find(({ description }) => description === 'fastify.context');
  return contextSymbol && request[contextSymbol];
}
