import type { RouteAdapter } from '../../adapter.ts';
import { inheritedValue, isObject, ownValue } from '../../own-property.ts';
import { hookRouter, isHooked } from './hook.ts';
import { type ExpressRequest, isSlash, type Route, type Router, routerIn, routerOf } from './layer.ts';
import { type MountPath, mountTemplate } from './template.ts';
import { mountedRoute, mountPathOf, pendingRoute, ROOT, type RouteTrail, trailOf } from './trail.ts';

/** Requests that were answered before their app was found, so that no hook has seen them. */
const unseen = new WeakSet<object>();
/** Apps that had no layers when they were examined, or were found only after a request had passed through them. */
const foundLate = new WeakSet<object>();

/**
 * Express 4 and 5, and the package `router`, which is the router of Express 5.
 *
 * All their routers call one method of one class with what handles a request next. That method is hooked. The class is
 * found on the routers of the app that serves, so it does not matter how the app was loaded, bundled or minified.
 */
export const express: RouteAdapter = {
  name: 'Express',

  recognise: hookApp,

  recogniseRequest(key) {
    // A bare router leaves no app on the request, but the layers of its routes have the class too.
    const found = inheritedValue(key, 'app') ?? ownValue(key, 'route');
    if (!isObject(found)) return false;
    unseen.add(key);
    foundLate.add(found);
    return hookApp(found);
  },

  routeOf(key) {
    const request = key as unknown as ExpressRequest;
    const trail = trailOf(key);
    return trail?.route ?? lateRoute(request, request.route, trail) ?? (trail && mountedRoute(request, trail));
  },
};

/** @returns false for what is no app, and for an app without layers */
function hookApp(app: unknown): boolean {
  if (!isObject(app)) return false;
  const isFound = hookRouter(routerOf(app), foundLate.has(app));
  if (!isFound) foundLate.add(app);
  return isFound;
}

/** The route of a request that was answered before the route's handlers ran, or at a route that no hook has seen. */
function lateRoute(
  request: ExpressRequest,
  route: Route | undefined,
  trail: RouteTrail | undefined,
): string | undefined {
  if (!Array.isArray(route?.stack)) return undefined;
  const isSeen = isHooked(route) && !unseen.has(request);
  if (!isSeen) hookRouter(route, true);
  const hasLeft = request.next === undefined;
  const status = request.res?.statusCode ?? 0;
  // Without hooks, a route that passed the request on looks like one that answered. It mostly ends as a 404.
  if (!isSeen && (hasLeft || status === 404)) return undefined;
  // After the last router has passed a request on, it ends as a 404, or as the error it was passed on with.
  if (hasLeft && (status < 400 || status === 404)) return undefined;
  const mount = mountPathOf(request, trail) ?? (isSeen ? undefined : locate(request, route));
  return mount && pendingRoute(request, trail, mount);
}

/** The mount path of a route, if only one way leads to it in the routers of its app. */
function locate(request: ExpressRequest, route: Route): MountPath | undefined {
  const found = new Set<string>();
  walk(routerOf(request.app), request.baseUrl ?? '', ROOT);
  const [path] = found;
  return found.size === 1 ? ROOT.plus(path as string) : undefined;

  function walk(router: Router | undefined, url: string, under: MountPath): void {
    for (const layer of router?.stack ?? []) {
      if (layer.route === route && url === '') found.add(under.path);
      const below = routerIn(layer.handle);
      if (below === undefined) continue;
      if (isSlash(layer)) walk(below, url, under);
      const match = !isSlash(layer) && layer.match(url);
      if (!match) continue;
      const template = mountTemplate(layer);
      const own = typeof template === 'string' ? template : template(url, { url: '/' });
      const { length } = (typeof match === 'object' ? match.path : layer.path) ?? '';
      if (own !== undefined) walk(below, url.slice(length), under.plus(own));
    }
  }
}
