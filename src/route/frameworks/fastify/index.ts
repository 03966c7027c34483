import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter, reportAdapterFailure, UnexpectedInternals } from '../../adapter-failure.ts';
import { ownValue, symbolNamed } from '../../own-property.ts';
import { type NodeRequest, RequestSlot } from '../../request-slot.ts';
import { watchFastifyCreated } from './instances.ts';
import { isFastifyServer, rememberInstance } from './middie.ts';

interface FastifyInstance {
  readonly server: object;
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: unknown, done: () => void) => void): void;
  decorateRequest(name: symbol, value: null): void;
}
/**
 * @property routeOptions  since 4.10; a new object each time it is read
 * @property context       of the route, in the first releases of version 4 and in 3; later ones have it under a symbol
 */
interface FastifyRequest {
  readonly raw: NodeRequest;
  readonly is404: boolean;
  readonly routeOptions?: { readonly url?: string };
  readonly context?: RouteContext;
  readonly [symbol: symbol]: RouteContext | undefined;
}
/** What Fastify keeps of a route. */
interface RouteContext {
  readonly config?: { readonly url?: string };
}
/** @property path  undefined for the handler of unknown paths */
interface Route {
  readonly path: string | undefined;
}

const requested = new RequestSlot<Route>('Fastify');
const routes = new WeakMap<RouteContext, Route>();

/** Hooks an instance, from the message that its channel publishes. Never throws: Fastify's constructor would. */
export function hookFastify(message: unknown): void {
  guardAdapter('Fastify', () => {
    const { fastify } = message as { fastify: FastifyInstance };
    if (isFastifyServer(fastify.server)) return;
    if (!watchRequests(fastify)) addHook(fastify);
    rememberInstance(fastify.server, fastify);
  });
}

/** A decoration of all requests: their constructor sets it, after the route and before any hook. */
const CREATED = Symbol('@org/apm created');

/**
 * A setter has returned when the hooks of the app run, so that it is not in the stack traces of their errors, as a hook of
 * ours would be. Each plugin inherits the class of requests.
 * @returns false where the class of requests is not found
 */
function watchRequests(fastify: FastifyInstance): boolean {
  const symbol = symbolNamed(fastify, 'fastify.Request');
  const { prototype } = ((symbol && Object.getOwnPropertyDescriptor(fastify, symbol)?.value) ?? {}) as {
    prototype?: object;
  };
  if (prototype === undefined || typeof fastify.decorateRequest !== 'function') return false;
  fastify.decorateRequest(CREATED, null);
  Object.defineProperty(prototype, CREATED, {
    set(this: FastifyRequest) {
      // Fastify 3 also creates requests of nothing, as prototypes.
      if (this.raw !== undefined) noteRequest(this);
    },
  });
  return true;
}

/** The first hook, and on the root: each later hook may answer, and each plugin inherits this one. */
function addHook(fastify: FastifyInstance): void {
  if (typeof fastify.addHook !== 'function') throw new UnexpectedInternals('its instances have no method `addHook`');
  fastify.addHook('onRequest', (request, _reply, done) => {
    noteRequest(request);
    done();
  });
}

/** The route is read now, because a handler that calls `reply.callNotFound()` replaces it. */
function noteRequest(request: FastifyRequest): void {
  try {
    requested.set(request.raw, routeOf(request));
  } catch (cause) {
    reportAdapterFailure('Fastify', cause);
  }
}

/**
 * Hooks every instance that is created from now on, before the app adds anything to it.
 * @returns stops hooking
 */
export const watchFastify = (): (() => void) => watchFastifyCreated(hookFastify);

/** Fastify 3 to 5. */
export const fastify: RouteAdapter = {
  name: 'Fastify',

  // A server that the app created itself (`serverFactory`) shows only in its requests that it is Fastify's.
  recognise: isFastifyServer,
  recogniseRequest: (key) => requested.get(key) !== undefined,

  routeOf: (key) => requested.get(key)?.path,
};

function routeOf(request: FastifyRequest): Route {
  const context = contextOf(request);
  const known = context && routes.get(context);
  if (known !== undefined) return known;
  const route: Route = { path: request.is404 ? undefined : pathOf(request, context) };
  if (context !== undefined) routes.set(context, route);
  return route;
}

/** Not `request.routerPath`, which prints a deprecation warning in the last releases of Fastify 4. */
function pathOf({ routeOptions }: FastifyRequest, context: RouteContext | undefined): string {
  const url = (routeOptions ?? context?.config)?.url;
  if (url !== undefined) return url;
  throw new UnexpectedInternals('its requests have neither `routeOptions.url` nor `context.config.url`');
}

let contextSymbol: symbol | undefined;

/** Each request has the context of its route. Versions with the symbol print a warning when `request.context` is read. */
function contextOf(request: FastifyRequest): RouteContext | undefined {
  const known = contextSymbol && request[contextSymbol];
  if (known !== undefined) return known;
  contextSymbol = symbolNamed(request, 'fastify.context');
  return contextSymbol ? request[contextSymbol] : (ownValue(request, 'context') as RouteContext | undefined);
}
