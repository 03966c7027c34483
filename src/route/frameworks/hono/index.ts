import type { RequestKey } from '../../../requests/request-record.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter, UnexpectedInternals } from '../../adapter-failure.ts';
import { type NodeRequest, RequestSlot } from '../../request-slot.ts';
import { templateBelow } from '../../template.ts';
import { prefixOf } from './prefix.ts';
import { incomingOf, type RawRequest, watchEmbeddedRequests, watchNextRequest } from './requests.ts';
import { type Handler, type HonoRoute, stopWatching, watchRouters } from './routers.ts';

interface Context {
  /** @hono/node-server creates it for each request. */
  readonly env?: { readonly incoming?: NodeRequest };
  readonly req: HonoRequest;
}
interface HonoRequest {
  /** The request of @hono/node-server, or one that the app created. */
  readonly raw: RawRequest;
  readonly path: string;
  readonly routeIndex: number;
  readonly matchedRoutes?: readonly HonoRoute[];
}

/** @property route  of the last handler that started, as far as it was seen: later ones may be seen only by `routeIndex` */
interface RouteTrail {
  readonly context: Context;
  route: HonoRoute | undefined;
}

const trails = new RequestSlot<RouteTrail>('Hono');
const hooked = new WeakSet<object>();

/**
 * Hono 4 on @hono/node-server 1 and 2.
 *
 * Nothing leads from Node's request to the app. But at its first requests its router shows all handlers, or those that match
 * the request. There each handler is wrapped.
 */
export const hono: RouteAdapter = {
  name: 'Hono',

  // Called when a server starts to listen, also for an app that is served by another framework.
  recognise() {
    watchEmbeddedRequests(onMethodRead);
    return false;
  },

  // @hono/node-server passes Node's request and response to the app under these names, as its `env`.
  // Once its listener is running, it has created its request.
  trapsFor(listener, isRunning) {
    if (!isRunning && /\bincoming\b[\s\S]*\boutgoing\b/.test(listener)) watchNextRequest(onMethodRead);
    return undefined;
  },

  recogniseRequest: (key) => trails.get(key) !== undefined,

  routeOf(key, status) {
    const trail = trails.get(key);
    const route = trail && routeOf(trail, status);
    return route && withPrefix(key, trail, route);
  },

  mountOf(key, status) {
    const trail = trails.get(key);
    const last = trail && status !== 404 ? notFinished(trail)[0] : undefined;
    return last === undefined || isForAllPaths(last) ? undefined : withPrefix(key, trail as RouteTrail, last);
  },
};

function routeOf(trail: RouteTrail, status: number): HonoRoute | undefined {
  const { context, route: first } = trail;
  if (first !== undefined && !isMiddleware(first) && !(context.req.routeIndex > 0)) return first;
  // Middleware has answered itself, or no handler came after it. The route that it stands before was requested.
  const behind = notFinished(trail);
  const route = behind.find((each) => !isMiddleware(each));
  // Middleware for one path is its route, unless it has found nothing.
  return route ?? (status === 404 ? undefined : behind.findLast(({ path }) => !path.endsWith('*')));
}

function withPrefix(key: RequestKey, { context }: RouteTrail, { path }: HonoRoute): string | undefined {
  const prefix = prefixOf(key, context);
  return prefix === undefined ? undefined : templateBelow(prefix, path);
}

/** The last handler that started, and those that would have come after it. */
function notFinished({ context, route }: RouteTrail): readonly HonoRoute[] {
  const { matchedRoutes, routeIndex } = context.req;
  if (matchedRoutes === undefined) throw new UnexpectedInternals('its requests have no `matchedRoutes`');
  const last = matchedRoutes[routeIndex] ?? route;
  return last === undefined ? [] : matchedRoutes.slice(matchedRoutes.indexOf(last));
}

/**
 * What watched requests in a row may cost before routers are no longer watched: most show all handlers at the first request,
 * the others those of each path. A request that no handler answers costs more, because its code can see the watching.
 */
const MAX_COST = 64;
const COST_WITHOUT_HANDLER = 8;
const COST_WITH_HANDLER = 1;
let cost = 0;

function onMethodRead(raw: RawRequest): boolean {
  const incoming = incomingOf(raw);
  const isRunning = incoming !== undefined && trails.get(incoming) !== undefined;
  if (!isRunning) {
    cost += COST_WITHOUT_HANDLER;
    watchRouters(wrap);
  }
  return cost < MAX_COST;
}

/** @returns whether a router was watched until now: the first handler is code of the app, and the work of the router is done */
function handlerStarts(): boolean {
  const isFirst = stopWatching();
  if (isFirst) cost = Math.max(0, cost - COST_WITHOUT_HANDLER + COST_WITH_HANDLER);
  return isFirst;
}

function wrap(handler: Handler): void {
  if (hooked.has(handler)) return;
  hooked.add(handler);
  cost = 0;
  const [handle, route] = handler;
  let examined = 0;
  handler[0] = function (this: unknown, context: unknown, ...rest: unknown[]) {
    const isFirst = handlerStarts();
    guardAdapter('Hono', () => {
      const hasBegun = begin(context as Context, route);
      if (!hasBegun && isFirst) {
        throw new UnexpectedInternals('its context has neither `env.incoming` nor a request of @hono/node-server');
      }
      // Hono reads `context.req` before each of several handlers. So that getter is enough, and it has returned when the
      // handler runs: it is not in the stack traces of the app's errors.
      if (
        hasBegun &&
        examined++ < MAX_EXAMINED_CALLS &&
        hookContexts(context as object) &&
        isOneOfMany(context as Context)
      )
        handler[0] = handle;
    });
    return Reflect.apply(handle, this, [context, ...rest]);
  };
}

/** After this many requests that had only one handler, that handler is no longer asked whether there are several. */
const MAX_EXAMINED_CALLS = 16;

const isOneOfMany = ({ req }: Context): boolean => (req.matchedRoutes?.length ?? 0) > 1;

/** @returns whether the context leads to Node's request; it does not when the app calls `app.request()` itself */
function begin(context: Context, route: HonoRoute | undefined, request?: HonoRequest): boolean {
  // Where the app calls `app.fetch` itself, it may have left out the `env`.
  const incoming = context.env?.incoming ?? incomingOf((request ?? context.req).raw);
  if (incoming === undefined) return false;
  const trail = trails.get(incoming);
  if (trail === undefined) trails.set(incoming, { context, route });
  // An app mounted in the app has a context of its own, whose routes lack the path of the mount.
  else if (trail.context === context) trail.route = route ?? trail.route;
  return true;
}

/**
 * Requests are seen when Hono or a handler reads `req` from the context: Hono does where there is more than one handler.
 * @returns false where contexts have no such getter
 */
function hookContexts(context: object): boolean {
  const prototype = Object.getPrototypeOf(context);
  if (hooked.has(prototype)) return true;
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'req') ?? {};
  if (get === undefined) return false;
  hooked.add(prototype);
  Object.defineProperty(prototype, 'req', {
    configurable: true,
    get(this: Context) {
      handlerStarts();
      const request = get.call(this);
      guardAdapter('Hono', () => begin(this, undefined, request));
      return request;
    },
  });
  return true;
}

/** `app.use` and `app.all` look the same, except that middleware takes a `next`. */
const isMiddleware = ({ method, handler }: HonoRoute): boolean => method === 'ALL' && handler.length > 1;

const isForAllPaths = ({ path }: HonoRoute): boolean => path === '*' || path === '/*';
