import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter, UnexpectedInternals } from '../../adapter-failure.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../../request-slot.ts';
import { clearTraps } from '../../traps.ts';
import {
  endSorting,
  findHandlers,
  type Handler,
  type HonoRoute,
  handlerIn,
  isHandlerMap,
  METHODS,
} from './handlers.ts';

interface Context {
  /** @hono/node-server creates it for each request. */
  readonly env?: { readonly incoming?: NodeRequest };
  readonly req: { readonly routeIndex: number; readonly matchedRoutes?: readonly HonoRoute[] };
}

/** @property route  of the last handler that started, as far as it was seen */
interface RouteTrail {
  readonly context: Context;
  route: HonoRoute | undefined;
}

const trails = new RequestSlot<RouteTrail>('Hono');
const hooked = new WeakSet<object>();

/**
 * Hono 4 on @hono/node-server 1 and 2.
 *
 * Nothing leads from Node's request to the app. But at the first request of an app its router sorts all handlers by method,
 * into objects that do not have these methods yet, so that they step into traps. There each handler is wrapped.
 */
export const hono: RouteAdapter = {
  name: 'Hono',
  // @hono/node-server passes Node's request and response to the app under these names, as its `env`.
  trapsFor: (listener) => (/\bincoming\b[\s\S]*\boutgoing\b/.test(listener) ? [...METHODS, 'params'] : undefined),

  recognise(candidate) {
    if (isHandlerMap(candidate)) findHandlers(candidate, wrap);
    const handler = handlerIn(candidate);
    if (handler !== undefined) wrap(handler, hookContexts);
    // The traps stay: more such objects follow, and this one may not have all its handlers yet.
    return false;
  },

  recogniseRequest: (key) => trails.get(key) !== undefined,

  routeOf(key) {
    const trail = trails.get(key);
    if (trail === undefined) return undefined;
    const { context, route } = trail;
    if (route !== undefined && !isMiddleware(route)) return route.path;
    const { matchedRoutes: matched, routeIndex } = context.req;
    if (matched === undefined) throw new UnexpectedInternals('its requests have no `matchedRoutes`');
    const last = matched[routeIndex] ?? route;
    if (last === undefined) return undefined;
    // Middleware has answered itself, or no handler came after it. The route that it stands before was requested.
    return matched.slice(matched.indexOf(last)).find((each) => !isMiddleware(each))?.path ?? mountOf(last);
  },
};

function wrap(handler: Handler, seen?: (context: object) => void): void {
  if (hooked.has(handler)) return;
  hooked.add(handler);
  const [handle, route] = handler;
  handler[0] = function (this: unknown, context: unknown, ...rest: unknown[]) {
    // The first handler is code of the app, and the work of the router is done.
    endSorting();
    const isFirst = clearTraps();
    guardAdapter('Hono', () => {
      seen?.(context as object);
      if (!begin(context as Context, route) && isFirst) {
        throw new UnexpectedInternals('its contexts have no `env.incoming`, the request of Node.js');
      }
    });
    return Reflect.apply(handle, this, [context, ...rest]);
  };
}

/** @returns whether the context leads to Node's request; it does not when the app calls `app.request()` itself */
function begin(context: Context, route: HonoRoute | undefined): boolean {
  const request = context.env?.incoming;
  if (request === undefined) return false;
  const key = requestKeyOf(request);
  const trail = trails.get(key);
  if (trail === undefined) trails.set(key, { context, route });
  // An app mounted in the app has a context of its own, whose routes lack the path of the mount.
  else if (trail.context === context) trail.route = route ?? trail.route;
  return true;
}

/**
 * Hono has a second router, for paths that its fastest one does not support. That one shows only the handlers of the
 * current request. Later requests are seen when a handler reads the path's parameters from its context.
 */
function hookContexts(context: object): void {
  const prototype = Object.getPrototypeOf(context);
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'req') ?? {};
  if (get === undefined || hooked.has(prototype)) return;
  hooked.add(prototype);
  Object.defineProperty(prototype, 'req', {
    configurable: true,
    get(this: Context) {
      const request = get.call(this);
      guardAdapter('Hono', () => begin(this, undefined));
      return request;
    },
  });
}

/** `app.use` and `app.all` look the same, except that middleware takes a `next`. */
const isMiddleware = ({ method, handler }: HonoRoute): boolean => method === 'ALL' && handler.length > 1;

/** The path of middleware that answers for everything below it, such as static files. */
const mountOf = ({ path }: HonoRoute): string | undefined => (path === '*' || path === '/*' ? undefined : path);
