import type { RouteAdapter } from '../../adapter.ts';
import { isEarly } from '../../early-answer.ts';
import { inheritedValue, isObject, ownValue } from '../../own-property.ts';
import { outermostApp, rememberApp, rememberListener, serverOf } from './apps.ts';
import { findMount, findRoute, locate } from './find-route.ts';
import { hookRouter, isHooked } from './hook.ts';
import { type ExpressRequest, routerOf } from './layer.ts';
import { pendingRoute } from './pending-route.ts';
import { beginTrail, isAtDepth, type RouteTrail, trailOf } from './trail.ts';
import { mountedRoute, passedRoute } from './unrouted.ts';

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

  recognise(app, server) {
    rememberListener(server, app);
    return hookApp(app);
  },

  recogniseRequest(key) {
    // A bare router leaves no app on the request, but the layers of its routes have the class too.
    const found = inheritedValue(key, 'app') ?? ownValue(key, 'route');
    if (!isObject(found)) return false;
    unseen.add(key);
    foundLate.add(found);
    const server = serverOf(key);
    if (server !== undefined) rememberApp(server, found);
    // They may belong to different copies of Express.
    hookRouter(routerOf(outermostApp(found)), true);
    return hookApp(found);
  },

  routeOf(key, status) {
    const request = key as unknown as ExpressRequest;
    const trail = trailOf(key);
    return trail?.route ?? lateRoute(request, trail) ?? (trail && passedRoute(request, trail, status));
  },

  mountOf(key, status, server) {
    const trail = trailOf(key);
    const mount = trail && mountedRoute(key as unknown as ExpressRequest, trail, status);
    return mount ?? (isEarly(status) ? findMount(key, server) : undefined);
  },

  matchRoute: findRoute,
};

/** @returns false for what is no app, and for an app without layers */
function hookApp(app: unknown): boolean {
  if (!isObject(app)) return false;
  const isFound = hookRouter(routerOf(app), foundLate.has(app));
  if (!isFound) foundLate.add(app);
  return isFound;
}

/** The route of a request that was answered before the route's handlers ran, or at a route that no hook has seen. */
function lateRoute(request: ExpressRequest, seen: RouteTrail | undefined): string | undefined {
  const { route } = request;
  if (!Array.isArray(route?.stack)) return undefined;
  const isSeen = isHooked(route) && !unseen.has(request);
  if (!isSeen) hookRouter(route, true);
  const hasLeft = request.next === undefined;
  const status = request.res?.statusCode ?? 0;
  // Without hooks, a route that passed the request on looks like one that answered. It mostly ends as a 404.
  if (!isSeen && (hasLeft || status === 404)) return undefined;
  // After the last router has passed a request on, it ends as a 404, or as the error it was passed on with.
  if (hasLeft && (status < 400 || status === 404)) return undefined;
  const trail = seen ?? beginTrail(request);
  const { path, depth } = trail.frame;
  if (isAtDepth(depth, request, trail)) return path && pendingRoute(request, trail, path);
  return isSeen ? undefined : locate(request, route, trail);
}
