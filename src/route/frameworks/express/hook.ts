import type { ServerResponse } from 'node:http';
import type { ExpressRequest, Layer, Next, Route, Router } from './layer.ts';
import { join, type Place, placeOf } from './layer-info.ts';
import { routerIn, routerOf } from './router.ts';
import {
  beginVisit,
  type Mounted,
  NOWHERE,
  pendingRoute,
  segmentsIn,
  type Visit,
  visitOf,
  withoutSegments,
} from './trail.ts';

const PLACE: unique symbol = Symbol('@org/apm place');

const hooked = new WeakSet<object>();
const routers = new WeakMap<Layer, Router>();
/** How many layers of a router are in `routers`. */
const known = new WeakMap<Router, number>();

/**
 * Whether requests may be on their way that have come by mounts before those were hooked. Each request must then show
 * how deep it is, which is not worth asking where the hook was there before the first one.
 */
let late = false;

/**
 * Hooks the class of a router's layers: every request they handle gets its route from then on.
 * @param isLate whether requests may already be on their way
 * @returns whether there was a layer that shows the class, and it is hooked
 */
export function hookRouter(router: Router | undefined, isLate = false): boolean {
  const prototype = prototypeOf(router?.stack);
  if (router === undefined || prototype === undefined) return false;
  if (known.get(router) !== router.stack.length) {
    known.set(router, router.stack.length);
    for (const layer of router.stack) routers.set(layer, router);
  }
  if (hooked.has(prototype)) return true;
  // The names of Express 4 and of Express 5.
  const name = ['handle_request', 'handleRequest'].find((each) => Object.hasOwn(prototype, each));
  if (name === undefined || typeof prototype[name] !== 'function') return false;
  const handle = prototype[name];
  prototype[name] = function (this: Layer, request: ExpressRequest, response: ServerResponse, next: Next) {
    return handle.call(this, request, response, enter(this, request, response, next));
  };
  hooked.add(prototype);
  late ||= isLate;
  return true;
}

export const isHooked = (router: Router): boolean => hooked.has(prototypeOf(router.stack) ?? {});

// biome-ignore lint/suspicious/noExplicitAny: a class found on a live object
function prototypeOf(stack: readonly object[] | undefined): any {
  const prototype = stack?.[0] && Object.getPrototypeOf(stack[0]);
  return prototype === Object.prototype ? undefined : (prototype ?? undefined);
}

/** @returns the `next` to give to the layer */
function enter(
  layer: Layer & { [PLACE]?: Place },
  request: ExpressRequest,
  response: ServerResponse,
  next: Next,
): Next {
  try {
    layer[PLACE] ??= firstSeen(layer, request);
    const place = layer[PLACE];
    if (place.kind === 'handler') return next;
    if (place.kind === 'route') return enterRoute(layer.route as Route, place, request, response, next);
    notePassed(place, request);
    return place.kind === 'slash' ? next : enterMount(layer, place, request, response, next);
  } catch {
    lose(request);
    return next;
  }
}

function firstSeen(layer: Layer, request: ExpressRequest): Place {
  // It may be a router, even one of another copy of Express; and it may itself be in the router of an app in the app.
  hookRouter(routerIn(layer.handle));
  if (!routers.has(layer)) hookRouter(routerOf(request.app));
  return placeOf(layer, routers.get(layer));
}

/** What comes after a failure of ours must not be counted under what came before. */
function lose(request: object): void {
  try {
    const visit = visitOf(request) ?? beginVisit(request);
    visit.route = undefined;
    visit.mounted = NOWHERE;
  } catch {
    // A request on which nothing can be kept has nothing to lose.
  }
}

/**
 * That a later layer is reached shows that the last route has passed the request on. Routes say so themselves, unless a
 * callback of one of their parameters did it.
 */
function notePassed({ router }: Place, request: ExpressRequest): void {
  if (router !== undefined && isEmpty(router.params)) return;
  if (request.route !== undefined) (visitOf(request) ?? beginVisit(request)).passed = request.route;
}

function enterRoute(route: Route, place: Place, request: ExpressRequest, response: ServerResponse, next: Next): Next {
  const visit = visitOf(request) ?? beginVisit(request);
  if (visit.answered) return next;
  const { mounted, route: before } = visit;
  const isAstray = late && segmentsIn(request.baseUrl ?? '') !== mounted.depth;
  visit.route = isAstray ? undefined : join(mounted.base, place, '', request)?.route;
  return (error) => {
    if (!isFailure(error)) {
      visit.passed = route;
      // What was answered by now was answered by this route.
      visit.answered = response.headersSent;
      if (!visit.answered) visit.route = before;
    }
    return next(error);
  };
}

function enterMount(layer: Layer, place: Place, request: ExpressRequest, response: ServerResponse, next: Next): Next {
  const visit = visitOf(request) ?? beginVisit(request);
  const outer = visit.mounted;
  const { base, depth } = inside(layer, place, request, outer);
  const here: Mounted = { base, depth, outer, response };
  visit.mounted = here;
  return (error) => {
    leaveMount(here, visit, request, error);
    return next(error);
  };
}

function inside(layer: Layer, place: Place, request: ExpressRequest, outer: Mounted): Pick<Mounted, 'base' | 'depth'> {
  const { segments } = place;
  if (segments !== undefined && !late) {
    return { base: join(outer.base, place, '', request), depth: outer.depth + segments };
  }
  const own = recentMatch(layer, place) ?? withoutSegments(request.baseUrl ?? '', outer.depth);
  const taken = segmentsIn(own);
  const isAstray = segments !== undefined && segments !== taken;
  return { base: isAstray ? undefined : join(outer.base, place, own, request), depth: outer.depth + taken };
}

/**
 * What a mount has taken of the path, from the layer, where `request.baseUrl` need not be asked. Requests share
 * `layer.path`: it is this one's unless a callback of a parameter has let another one in.
 */
function recentMatch({ path }: Layer, { router }: Place): string | undefined {
  if (late || path === undefined || router === undefined || !isEmpty(router.params)) return undefined;
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function leaveMount(here: Mounted, visit: Visit, request: ExpressRequest, error: unknown): void {
  try {
    if (isFailure(error)) visit.route ??= here.base && pendingRoute(request, visit, here.base);
    for (let at: Mounted | undefined = visit.mounted; at !== undefined; at = at.outer) {
      if (at === here) visit.mounted = here.outer ?? NOWHERE;
    }
  } catch {
    lose(request);
  }
}

/** `next()`, `next('route')` and `next('router')` pass a request on. */
const isFailure = (error: unknown): boolean => Boolean(error) && error !== 'route' && error !== 'router';

function isEmpty(params: object | undefined): boolean {
  for (const _ in params) return false;
  return params !== undefined;
}
