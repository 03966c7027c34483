import type { RouteAdapter } from '../../adapter.ts';
import { inheritedValue, ownValue } from '../../own-property.ts';
import { hookRouter, isHooked } from './hook.ts';
import type { ExpressRequest, Route, Router } from './layer.ts';
import { isObject, isSlash, routerIn, routerOf } from './router.ts';
import { mountTemplate } from './template.ts';
import { type Base, baseOf, mountedRoute, pendingRoute, ROOT, type Visit, visitOf } from './trail.ts';

/** Requests that were answered before their app was found, so no hook has seen them. */
const unseen = new WeakSet<object>();
/** Apps that had no layers when they were looked at, or were not known before a request had gone through them. */
const empty = new WeakSet<object>();

/**
 * Express 4 and 5, and the package `router` that is the router of Express 5.
 *
 * All their routers call one method of one class with what handles a request next. That method is hooked, and the class
 * is found on the routers of the app that serves, so it does not matter how the app was loaded, bundled or minified.
 */
export const express: RouteAdapter = {
  name: 'Express',

  recognise(listener) {
    if (!isObject(listener)) return false;
    const isFound = hookRouter(routerOf(listener), empty.has(listener));
    if (!isFound) empty.add(listener);
    return isFound;
  },

  recogniseRequest(carrier) {
    // A bare router leaves no app, but its routes have layers of the class in question too.
    const found = inheritedValue(carrier, 'app') ?? ownValue(carrier, 'route');
    if (!isObject(found)) return false;
    unseen.add(carrier);
    empty.add(found);
    return this.recognise?.(found) ?? false;
  },

  routeOf(carrier) {
    const request = carrier as unknown as ExpressRequest;
    const visit = visitOf(carrier);
    return visit?.route ?? lateRoute(request, request.route, visit) ?? (visit && mountedRoute(request, visit));
  },
};

/** An answer while the request was at a route but not in its handlers, or at a route no hook has seen. */
function lateRoute(request: ExpressRequest, route: Route | undefined, visit: Visit | undefined): string | undefined {
  if (!Array.isArray(route?.stack)) return undefined;
  const isSeen = isHooked(route) && !unseen.has(request);
  if (!isSeen) hookRouter(route, true);
  const hasLeft = request.next === undefined;
  const status = request.res?.statusCode ?? 0;
  // Without hooks, a route that has passed the request on looks the same as one that answered; most often it ends as a 404.
  if (!isSeen && (hasLeft || status === 404)) return undefined;
  // Once the last router has passed it on, it ends as a 404, or as the error it was passed on with.
  if (hasLeft && (status < 400 || status === 404)) return undefined;
  const base = baseOf(request, visit) ?? (isSeen ? undefined : locate(request, route));
  return base && pendingRoute(request, visit, base);
}

/** The template of the mounts above a route, if there is only one way to it in the routers of its app. */
function locate(request: ExpressRequest, route: Route): Base | undefined {
  const found = new Set<string>();
  walk(routerOf(request.app), request.baseUrl ?? '', ROOT);
  const [path] = found;
  return found.size === 1 ? ROOT.plus(path as string) : undefined;

  function walk(router: Router | undefined, url: string, base: Base): void {
    for (const layer of router?.stack ?? []) {
      if (layer.route === route && url === '') found.add(base.path);
      const below = routerIn(layer.handle);
      if (below === undefined) continue;
      if (isSlash(layer)) walk(below, url, base);
      const match = !isSlash(layer) && layer.match(url);
      if (!match) continue;
      const template = mountTemplate(layer);
      const own = typeof template === 'string' ? template : template(url, { url: '/' });
      const { length } = (typeof match === 'object' ? match.path : layer.path) ?? '';
      if (own !== undefined) walk(below, url.slice(length), base.plus(own));
    }
  }
}
