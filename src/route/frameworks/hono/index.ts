import type { RequestKey } from '../../../requests/request-record.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter } from '../../adapter-failure.ts';
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
  /** Made by @hono/node-server for each request. */
  readonly env?: { readonly incoming?: NodeRequest };
  readonly req: { readonly routeIndex: number; readonly matchedRoutes?: readonly HonoRoute[] };
}

/** The context a request is handled with, and of what has begun to handle it, the last that was seen to. */
interface Visit {
  readonly context: Context;
  route: HonoRoute | undefined;
}

const carried = new RequestSlot<Visit>('Hono');
const hooked = new WeakSet<object>();

/**
 * Hono 4 on @hono/node-server 1 and 2.
 *
 * Nothing leads from Node's request to the app. But at an app's first request its router sorts all handlers by method,
 * into objects that have no such method yet, and so step into traps. There each handler is wrapped.
 */
export const hono: RouteAdapter = {
  name: 'Hono',
  // What @hono/node-server calls Node's request and response is what the app has as `env`.
  trapsFor: (listener) => (/\bincoming\b[\s\S]*\boutgoing\b/.test(listener) ? [...METHODS, 'params'] : undefined),

  recognise(candidate) {
    if (isHandlerMap(candidate)) findHandlers(candidate, wrap);
    const handler = handlerIn(candidate);
    if (handler !== undefined) wrap(handler, hookContexts);
    // Not yet: there are more such objects, and this one may not have all its handlers.
    return false;
  },

  recogniseRequest: (carrier) => carried.get(carrier) !== undefined,

  routeOf(carrier) {
    const visit = carried.get(carrier);
    if (visit === undefined) return undefined;
    const { context, route } = visit;
    if (route !== undefined && !isMiddleware(route)) return route.path;
    const { matchedRoutes: matched = [], routeIndex } = context.req;
    const last = matched[routeIndex] ?? route;
    if (last === undefined) return undefined;
    // Middleware has answered by itself, or passed on to nobody. What it stands before is what was asked for.
    return matched.slice(matched.indexOf(last)).find((each) => !isMiddleware(each))?.path ?? mountOf(last);
  },
};

function wrap(handler: Handler, seen?: (context: object) => void): void {
  if (hooked.has(handler)) return;
  hooked.add(handler);
  const [handle, route] = handler;
  handler[0] = function (this: unknown, context: unknown, ...rest: unknown[]) {
    // The first one that is called is the app's; all of the router's work is done.
    endSorting();
    clearTraps();
    guardAdapter('Hono', () => {
      seen?.(context as object);
      enter(context as Context, route);
    });
    return Reflect.apply(handle, this, [context, ...rest]);
  };
}

function enter(context: Context, route: HonoRoute | undefined): void {
  const request = context.env?.incoming;
  if (request === undefined) return;
  const carrier: RequestKey = requestKeyOf(request);
  const visit = carried.get(carrier);
  if (visit === undefined) carried.set(carrier, { context, route });
  // An app mounted in the app has a context of its own, whose routes are only known below the mount.
  else if (visit.context === context) visit.route = route ?? visit.route;
}

/**
 * The router for paths that the fastest one cannot tell apart shows only the handlers of the request at hand. Those of
 * later requests are known by the part of their context that handlers read the path's parameters from.
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
      guardAdapter('Hono', () => enter(this, undefined));
      return request;
    },
  });
}

/** `app.use` and `app.all` look the same, but for the `next` that only middleware takes. */
const isMiddleware = ({ method, handler }: HonoRoute): boolean => method === 'ALL' && handler.length > 1;

/** The path of middleware that answers for all below it, such as static files. */
const mountOf = ({ path }: HonoRoute): string | undefined => (path === '*' || path === '/*' ? undefined : path);
