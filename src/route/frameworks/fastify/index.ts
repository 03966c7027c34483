import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter, reportAdapterFailure, UnexpectedInternals } from '../../adapter-failure.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../../request-slot.ts';
import { watchFastifyCreated } from './instances.ts';

interface FastifyInstance {
  readonly server: object;
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: unknown, done: () => void) => void): void;
}
interface FastifyRequest {
  readonly raw: NodeRequest;
  readonly is404: boolean;
  /** Creates a new object each time it is read. */
  readonly routeOptions?: { readonly url?: string };
  readonly [symbol: symbol]: object;
}

const requests = new RequestSlot<FastifyRequest>('Fastify');
const servers = new WeakSet<object>();
/** By the object that Fastify has for each route. The path is undefined for the handler of unknown paths. */
const routes = new WeakMap<object, { readonly path: string | undefined }>();

/** Hooks an instance, from the message that its channel publishes. Never throws: Fastify's constructor would. */
export function hookFastify(message: unknown): void {
  guardAdapter('Fastify', () => {
    const { fastify } = message as { fastify: FastifyInstance };
    if (servers.has(fastify.server)) return;
    if (typeof fastify.addHook !== 'function') throw new UnexpectedInternals('its instances have no method `addHook`');
    // The first hook, and on the root: each later hook may answer, and each plugin inherits this one.
    fastify.addHook('onRequest', noteRequest);
    servers.add(fastify.server);
  });
}

/** Fastify prints the names of hooks; apps find this one by its name. */
function noteRequest(request: FastifyRequest, _reply: unknown, done: () => void): void {
  try {
    requests.set(requestKeyOf(request.raw), request);
  } catch (cause) {
    reportAdapterFailure('Fastify', cause);
  }
  done();
}

/**
 * Hooks every instance that is created from now on. Only hooks see Fastify's routes, and ours must be there before the
 * app's.
 * @returns stops hooking
 */
export const watchFastify = (): (() => void) => watchFastifyCreated(hookFastify);

/** Fastify 4 and 5. */
export const fastify: RouteAdapter = {
  name: 'Fastify',

  // A server that the app created itself (`serverFactory`) shows only in its requests that it is Fastify's.
  recognise: (candidate) => servers.has(candidate as object),
  recogniseRequest: (key) => requests.get(key) !== undefined,

  routeOf(key) {
    const request = requests.get(key);
    if (request === undefined) return undefined;
    const context = contextOf(request);
    let route = context && routes.get(context);
    if (route === undefined) {
      route = { path: pathOf(request) };
      if (context !== undefined) routes.set(context, route);
    }
    return route.path;
  },
};

function pathOf({ is404, routeOptions }: FastifyRequest): string | undefined {
  if (is404) return undefined;
  if (routeOptions?.url === undefined) throw new UnexpectedInternals('its requests have no `routeOptions.url`');
  return routeOptions.url;
}

let contextSymbol: symbol | undefined;

/** The object that Fastify has for each route, which each request has under a symbol. */
function contextOf(request: FastifyRequest): object | undefined {
  const known = contextSymbol && request[contextSymbol];
  if (known !== undefined) return known;
  contextSymbol = Object.getOwnPropertySymbols(request).find(({ description }) => description === 'fastify.context');
  return contextSymbol && request[contextSymbol];
}
