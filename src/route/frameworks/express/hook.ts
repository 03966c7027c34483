import type { ServerResponse } from 'node:http';
import { reportAdapterFailure, UnexpectedInternals } from '../../adapter-failure.ts';
import { inheritedValue, ownValue } from '../../own-property.ts';
import { isWide } from '../../template.ts';
import { listensItself, rememberLooseMount, rememberMountedApp, serverOf } from './apps.ts';
import { type ExpressRequest, type Layer, type Next, type Route, type Router, routerIn, routerOf } from './layer.ts';
import { pendingRoute } from './pending-route.ts';
import { extend, type LayerInfo, layerInfoOf, segmentsIn } from './template.ts';
import { beginTrail, isAtDepth, LOST, type MountFrame, type RouteTrail, takenPath, trailOf } from './trail.ts';

const LAYER_INFO: unique symbol = Symbol('@org/apm layer');
type HookedLayer = Layer & { [LAYER_INFO]?: LayerInfo };

const hooked = new WeakSet<object>();
const routers = new WeakMap<Layer, Router>();
/** How many layers of a router are in `routers`. */
const layerCounts = new WeakMap<Router, number>();

/**
 * Whether requests may be in flight that passed mounts before those were hooked. Each request must then show how deep it
 * is. Where the hook was there before the first request, that check would only cost time.
 */
let hookedLate = false;

/**
 * Hooks the class of a router's layers: from then on every request through them gets its route.
 * @param isLate whether requests may already be in flight
 * @returns whether the router has a layer, so that the class is known and hooked
 */
export function hookRouter(router: Router | undefined, isLate = false): boolean {
  const prototype = prototypeOf(router?.stack);
  if (router === undefined || prototype === undefined) return false;
  if (layerCounts.get(router) !== router.stack.length) {
    layerCounts.set(router, router.stack.length);
    for (const layer of router.stack) routers.set(layer, router);
  }
  if (hooked.has(prototype)) return true;
  // The names of Express 4 and of Express 5.
  const name = ['handle_request', 'handleRequest'].find((each) => Object.hasOwn(prototype, each));
  if (name === undefined || typeof prototype[name] !== 'function') {
    // Other functions with a `stack` may be mounted too.
    if (!isLayer(router.stack[0])) return false;
    throw new UnexpectedInternals('its layers have neither a method `handle_request` nor `handleRequest`');
  }
  hookMethod(prototype, name);
  hooked.add(prototype);
  hookedLate ||= isLate;
  return true;
}

/**
 * The method becomes a getter, which has returned when the method runs: a layer that needs nothing from us gets the
 * method itself. So our function is not in the stack traces of errors behind that layer. A route and a mount must know the
 * request, which only the arguments of the call have: our function stays in the stack there.
 */
function hookMethod(prototype: object, name: string): void {
  const { enumerable = true, value: handle } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
  const hookedHandle = function (this: Layer, request: ExpressRequest, response: ServerResponse, next: Next) {
    return handle.call(this, request, response, onLayer(this, request, response, next));
  };
  Object.defineProperty(prototype, name, {
    configurable: true,
    enumerable,
    get(this: HookedLayer) {
      return isIdle(this[LAYER_INFO]) ? handle : hookedHandle;
    },
    // Tracers replace the method.
    set(this: object, value: unknown) {
      Object.defineProperty(this, name, { configurable: true, enumerable, writable: true, value });
    },
  });
}

/** Whether a layer never changes what is known of a request. */
function isIdle(info: LayerInfo | undefined): boolean {
  if (info === undefined) return false;
  return info.kind === 'handler' || (info.kind === 'slash' && !info.isEntry && hasNoCallbacks(info));
}

/** Whether the layer's router has no callbacks of parameters. */
const hasNoCallbacks = ({ router }: LayerInfo): boolean => router !== undefined && isEmpty(router.params);

export const isHooked = (router: Router): boolean => hooked.has(prototypeOf(router.stack) ?? {});

// biome-ignore lint/suspicious/noExplicitAny: a class found on a live object
function prototypeOf(stack: readonly object[] | undefined): any {
  const prototype = stack?.[0] && Object.getPrototypeOf(stack[0]);
  return prototype === Object.prototype ? undefined : (prototype ?? undefined);
}

const isLayer = (candidate: unknown): boolean =>
  typeof ownValue(candidate, 'handle') === 'function' && typeof inheritedValue(candidate, 'match') === 'function';

/** @returns the `next` to give to the layer */
function onLayer(layer: HookedLayer, request: ExpressRequest, response: ServerResponse, next: Next): Next {
  try {
    layer[LAYER_INFO] ??= firstSeen(layer, request);
    const info = layer[LAYER_INFO];
    if (info.kind === 'handler') return next;
    if (info.kind === 'route') return onRoute(layer.route as Route, info, request, response, next);
    notePassed(info, request);
    if (info.kind === 'mount') return onMount(layer, info, request, response, next);
    // The app's own middleware may rewrite the URL, so what other code has cut off is noted before.
    if (info.isEntry && trailOf(request) === undefined) beginTrail(request);
    return next;
  } catch (cause) {
    reportAdapterFailure('Express', cause);
    forgetRoute(request);
    return next;
  }
}

function firstSeen(layer: Layer, request: ExpressRequest): LayerInfo {
  // The layer may be a router, even one of another copy of Express, and may itself be in the router of a mounted app.
  const below = routerIn(layer.handle);
  hookRouter(below);
  if (!routers.has(layer)) hookRouter(routerOf(request.app));
  rememberMountedApp(request.app);
  const router = routers.get(layer);
  const info = layerInfoOf(layer, router);
  if (!isOutside(request)) return { ...info, isEntry: false };
  if (router === undefined && below !== undefined) rememberLooseMount(request, layer);
  const server = serverOf(request);
  const getsWholeUrl = server !== undefined && listensItself(request.app, server);
  return getsWholeUrl ? { ...info, isEntry: false } : info;
}

const isOutside = (request: ExpressRequest): boolean => trailOf(request)?.frame.outer === undefined;

/** After a failure of ours, what follows must not be counted under the route from before. */
function forgetRoute(request: ExpressRequest): void {
  try {
    const trail = trailOf(request) ?? beginTrail(request);
    trail.route = undefined;
    trail.frame = LOST;
  } catch {
    // Nothing can be kept for this request, so there is nothing to forget.
  }
}

/**
 * If a request reaches a later layer, its last route has passed it on. Routes report this through `next`, unless the
 * callback of a parameter passed the request on before the route had it.
 */
function notePassed(info: LayerInfo, request: ExpressRequest): void {
  if (hasNoCallbacks(info)) return;
  if (request.route !== undefined) (trailOf(request) ?? beginTrail(request)).passed = request.route;
}

function onRoute(route: Route, info: LayerInfo, request: ExpressRequest, response: ServerResponse, next: Next): Next {
  const trail = trailOf(request) ?? beginTrail(request);
  if (trail.answered) return next;
  const { frame, route: before } = trail;
  const isUnknown = hookedLate && !isAtDepth(frame.depth, request, trail);
  trail.route = isUnknown ? undefined : extend(frame.path, info, '', request)?.route;
  trail.failed = undefined;
  return (error) => {
    if (!isFailure(error)) {
      trail.passed = route;
      // Headers that were sent by now were sent by this route.
      trail.answered = response.headersSent;
      if (!trail.answered) passOn(trail, response, before);
    }
    return next(error);
  };
}

/** What renders the result of a route may come after it, so its template is kept: of several, the most specific. */
function passOn(trail: RouteTrail, response: ServerResponse, before: string | undefined): void {
  const { route, passedOn } = trail;
  trail.route = before;
  if (route === undefined || (passedOn !== undefined && variablesIn(passedOn) < variablesIn(route))) return;
  trail.passedOn = route;
  trail.response = response;
}

/** How much of a path a route leaves open: a wildcard more than parameters. */
const variablesIn = (route: string): number => (isWide(route) ? Infinity : route.split(':').length);

function onMount(layer: Layer, info: LayerInfo, request: ExpressRequest, response: ServerResponse, next: Next): Next {
  const trail = trailOf(request) ?? beginTrail(request);
  const outer = trail.frame;
  const { path, depth } = inside(layer, info, request, trail);
  const frame: MountFrame = { path, depth, outer, response };
  trail.frame = frame;
  trail.failed = undefined;
  return (error) => {
    leaveMount(frame, trail, request, error);
    return next(error);
  };
}

function inside(
  layer: Layer,
  info: LayerInfo,
  request: ExpressRequest,
  trail: RouteTrail,
): Pick<MountFrame, 'path' | 'depth'> {
  const outer = trail.frame;
  const { segments } = info;
  if (segments !== undefined) {
    const depth = outer.depth + segments;
    if (!hookedLate || isAtDepth(depth, request, trail)) return { path: extend(outer.path, info, '', request), depth };
  }
  const own = recentMatch(layer, info) ?? withoutSegments(takenPath(request, trail), outer.depth);
  const path = segments === undefined ? extend(outer.path, info, own, request) : undefined;
  return { path, depth: outer.depth + segmentsIn(own) };
}

/**
 * What a mount has taken of the path, from the layer, which is cheaper than `request.baseUrl`. All requests share
 * `layer.path`: it is from this request unless the callback of a parameter has let another request in.
 */
function recentMatch({ path }: Layer, { router }: LayerInfo): string | undefined {
  if (hookedLate || path === undefined || router === undefined || !isEmpty(router.params)) return undefined;
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function leaveMount(left: MountFrame, trail: RouteTrail, request: ExpressRequest, error: unknown): void {
  try {
    if (isFailure(error)) {
      trail.route ??= left.path && pendingRoute(request, trail, left.path);
      trail.failed ??= left;
    }
    for (let at: MountFrame | undefined = trail.frame; at !== undefined; at = at.outer) {
      if (at === left) trail.frame = left.outer ?? LOST;
    }
  } catch (cause) {
    reportAdapterFailure('Express', cause);
    forgetRoute(request);
  }
}

/** `next()`, `next('route')` and `next('router')` pass a request on. */
const isFailure = (error: unknown): boolean => Boolean(error) && error !== 'route' && error !== 'router';

function isEmpty(params: object | undefined): boolean {
  for (const _ in params) return false;
  return params !== undefined;
}

/** A path without its first segments. */
function withoutSegments(path: string, count: number): string {
  let at = path.indexOf('/');
  for (let left = count; left > 0 && at >= 0; left--) at = path.indexOf('/', at + 1);
  return at < 0 ? '' : path.slice(at);
}
