import type { RouteAdapter } from './adapter.ts';
import { areHooked, type Base, baseOf, hookLayers, isSlash, mountedRoute, pendingRoute, ROOT } from './express-hook.ts';
import type { ExpressRequest, Layer, Route } from './express-layer.ts';
import { mountTemplate } from './express-template.ts';

/** Requests that were answered before their app was found, so no hook has seen them. */
const unseen = new WeakSet<object>();

/**
 * Express 4 and 5, and the package `router` that is the router of Express 5.
 *
 * All their routers call one method of one class with what handles a request next. That method is hooked, and the class
 * is found on the routers of the app that serves, so it does not matter how the app was loaded, bundled or minified.
 */
export const express: RouteAdapter = {
  name: 'Express',

  recognise: (listener) => hookLayers(stackOf(listener)),

  appOf(carrier) {
    const { app, route } = carrier as unknown as ExpressRequest;
    // A bare router leaves no app, but its route has layers of the class in question too.
    const found = app ?? route;
    if (found !== undefined) unseen.add(carrier);
    return found;
  },

  routeOf(carrier) {
    const request = carrier as unknown as ExpressRequest;
    return lateRoute(request, request.route) ?? mountedRoute(request);
  },
};

/** An answer while the request was at a route but not in its handlers, or at a route no hook has seen. */
function lateRoute(request: ExpressRequest, route: Route | undefined): string | undefined {
  if (!Array.isArray(route?.stack)) return undefined;
  const isSeen = areHooked(route.stack) && !unseen.has(request);
  if (!isSeen) hookLayers(route.stack);
  const hasLeft = request.next === undefined;
  const status = request.res?.statusCode ?? 0;
  // Without hooks, a route that has passed the request on looks the same as one that answered; most often it ends as a 404.
  if (!isSeen && (hasLeft || status === 404)) return undefined;
  // Once the last router has passed it on, it ends as a 404, or as the error it was passed on with.
  if (hasLeft && (status < 400 || status === 404)) return undefined;
  const base = baseOf(request) ?? (isSeen ? undefined : locate(request, route));
  return base && pendingRoute(request, base);
}

/** The template of the mounts above a route, if there is only one way to it in the routers of its app. */
function locate(request: ExpressRequest, route: Route): Base | undefined {
  const found = new Set<string>();
  walk(stackOf(request.app), request.baseUrl ?? '', ROOT);
  const [path] = found;
  return found.size === 1 ? ROOT.plus(path as string) : undefined;

  function walk(stack: readonly Layer[] | undefined, url: string, base: Base): void {
    for (const layer of stack ?? []) {
      if (layer.route === route && url === '') found.add(base.path);
      const below = stackOf(layer.handle);
      if (below === undefined) continue;
      if (isSlash(layer)) walk(below, url, base);
      const match = !isSlash(layer) && layer.match(url);
      if (!match) continue;
      const template = mountTemplate(layer);
      const own = typeof template === 'string' ? template : template(url);
      const { length } = (typeof match === 'object' ? match.path : layer.path) ?? '';
      if (own !== undefined) walk(below, url.slice(length), base.plus(own));
    }
  }
}

/** The layers of an app or a router. Undefined where there is none yet. */
function stackOf(app: unknown): readonly Layer[] | undefined {
  if (typeof app !== 'function' && (typeof app !== 'object' || app === null)) return undefined;
  const stack = Object.getOwnPropertyDescriptor(app, 'stack')?.value;
  if (Array.isArray(stack)) return stack;
  return routerOf(app)?.stack;
}

type Router = { readonly stack?: readonly Layer[] };

function routerOf(app: object): Router | undefined {
  const isExpress4 = Object.hasOwn(app, 'lazyrouter');
  const { value, get } = Object.getOwnPropertyDescriptor(app, isExpress4 ? '_router' : 'router') ?? {};
  if (isExpress4 || get === undefined) return value;
  try {
    return get.call(STILL_LAZY);
  } catch {
    return undefined;
  }
}

/**
 * Express 5 makes the router of an app when it is first read, with the settings the app has by then. An app that cannot
 * read its settings gives its router only if it has one already.
 *
 * @see https://github.com/expressjs/express/blob/v5.1.0/lib/application.js
 */
const STILL_LAZY = {
  enabled(): never {
    throw new Error('there is no router yet');
  },
};
