import type { ServerResponse } from 'node:http';
import type { ExpressRequest, Layer, Next, Route, Router } from './express-layer.ts';
import { mountTemplate, routeTemplate, type Template } from './express-template.ts';
import {
  type Base,
  beginVisit,
  type Mounted,
  pendingRoute,
  segmentsIn,
  type Visit,
  visitOf,
  withoutSegments,
} from './express-visit.ts';

/** What a layer is for the route, worked out when a request first comes by. */
interface Place {
  readonly kind: 'handler' | 'slash' | 'mount' | 'route';
  /** The router it is in; undefined where that is not known. */
  readonly router: Router | undefined;
  readonly template: Template;
  /** How many segments of a path the mount takes; undefined where that is not fixed. */
  readonly segments: number | undefined;
  /** Where it was met last, and what its template made of that: nearly always the same. */
  under: Base | undefined;
  base: Base | undefined;
}

const PLACE: unique symbol = Symbol('@org/apm place');
type PlacedLayer = Layer & { [PLACE]?: Place };

const hooked = new WeakSet<object>();
const routers = new WeakMap<Layer, Router>();

/**
 * Requests may be on their way that have come by mounts before those were hooked, so each must show how deep it is. That
 * is never so where the hook was there before the first request.
 */
let late = false;

export interface HookOptions {
  /** Whether requests may already be on their way. */
  readonly late: boolean;
}

/**
 * Hooks the class of a router's layers: every request they handle gets its route from then on.
 * @returns whether there was a layer that shows the class, and it is hooked
 */
export function hookRouter(router: Router | undefined, options: HookOptions): boolean {
  const prototype = prototypeOf(router?.stack);
  if (router === undefined || prototype === undefined) return false;
  for (const layer of router.stack) routers.set(layer, router);
  if (hooked.has(prototype)) return true;
  // The names of Express 4 and of Express 5.
  const name = ['handle_request', 'handleRequest'].find((each) => Object.hasOwn(prototype, each));
  if (name === undefined || typeof prototype[name] !== 'function') return false;
  const handle = prototype[name];
  prototype[name] = function (this: Layer, request: ExpressRequest, response: ServerResponse, next: Next) {
    return handle.call(this, request, response, enter(this, request, response, next));
  };
  hooked.add(prototype);
  late ||= options.late;
  return true;
}

export const isHooked = (stack: readonly Layer[]): boolean => hooked.has(prototypeOf(stack) ?? {});

// biome-ignore lint/suspicious/noExplicitAny: a class found on a live object
function prototypeOf(stack: unknown): any {
  const prototype = Array.isArray(stack) && stack.length > 0 ? Object.getPrototypeOf(stack[0]) : undefined;
  return prototype === Object.prototype ? undefined : (prototype ?? undefined);
}

/** @returns the `next` to give to the layer */
function enter(layer: PlacedLayer, request: ExpressRequest, response: ServerResponse, next: Next): Next {
  try {
    layer[PLACE] ??= placeOf(layer);
    const place = layer[PLACE];
    switch (place.kind) {
      case 'handler':
        return next;
      case 'slash':
        notePassed(place, request);
        return next;
      case 'mount':
        notePassed(place, request);
        return enterMount(layer, place, request, response, next);
      case 'route':
        return enterRoute(layer.route as Route, place, request, response, next);
    }
  } catch {
    return next;
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
  const base = isAstray ? undefined : join(mounted.base, place, '', request);
  visit.route = base?.route;
  return (error) => {
    if (!isFailure(error)) {
      // What was answered before was answered by this route.
      visit.answered = response.headersSent;
      if (!visit.answered) visit.route = before;
      visit.passed = route;
    }
    next(error);
  };
}

function enterMount(layer: Layer, place: Place, request: ExpressRequest, response: ServerResponse, next: Next): Next {
  const visit = visitOf(request) ?? beginVisit(request);
  const outer = visit.mounted;
  const base = place.segments !== undefined && !late ? join(outer.base, place, '', request) : undefined;
  const here =
    base !== undefined && place.segments !== undefined
      ? { base, depth: outer.depth + place.segments, outer, response }
      : mountedAt(layer, place, request, response, outer);
  visit.mounted = here;
  return (error) => {
    leaveMount(here, visit, request, error);
    next(error);
  };
}

/** Where the path itself tells what the mount takes of it. */
function mountedAt(
  layer: Layer,
  place: Place,
  request: ExpressRequest,
  response: ServerResponse,
  outer: Mounted,
): Mounted {
  const { segments } = place;
  const own = late ? undefined : recentMatch(layer, place);
  if (own !== undefined) {
    return { base: join(outer.base, place, own, request), depth: outer.depth + segmentsIn(own), outer, response };
  }
  const url = request.baseUrl ?? '';
  const rest = withoutSegments(url, outer.depth);
  const isAstray = segments !== undefined && segments !== segmentsIn(rest);
  return {
    base: isAstray ? undefined : join(outer.base, place, rest, request),
    depth: segmentsIn(url),
    outer,
    response,
  };
}

/** Requests share `layer.path`. It is this one's unless a callback of a parameter has let another in meanwhile. */
function recentMatch({ path }: Layer, { router }: Place): string | undefined {
  if (path === undefined || router === undefined || !isEmpty(router.params)) return undefined;
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function leaveMount(here: Mounted, visit: Visit, request: ExpressRequest, error: unknown): void {
  try {
    if (isFailure(error)) visit.route ??= here.base && pendingRoute(request, visit, here.base);
    for (let at: Mounted | undefined = visit.mounted; at !== undefined; at = at.outer) {
      if (at === here && here.outer !== undefined) visit.mounted = here.outer;
    }
  } catch {
    // The request stays without a route.
  }
}

/** `next()`, `next('route')` and `next('router')` pass a request on. */
const isFailure = (error: unknown): boolean => Boolean(error) && error !== 'route' && error !== 'router';

function join(under: Base | undefined, place: Place, own: string, request: ExpressRequest): Base | undefined {
  if (under === undefined) return undefined;
  const { template } = place;
  if (typeof template !== 'string') {
    const found = template(own, request.url);
    return found === undefined ? undefined : under.plus(found);
  }
  if (place.under !== under) {
    place.under = under;
    place.base = under.plus(template);
  }
  return place.base;
}

function placeOf(layer: Layer): Place {
  const router = routers.get(layer);
  const place = { router, template: '', segments: undefined, under: undefined, base: undefined };
  if (!Object.hasOwn(layer, 'route')) return { ...place, kind: 'handler' };
  if (layer.route) return { ...place, kind: 'route', template: routeTemplate(layer.route.path, layer) };
  // It may be of another copy of Express.
  hookRouter(routerIn(layer.handle), { late: false });
  if (isSlash(layer)) return { ...place, kind: 'slash' };
  const template = mountTemplate(layer);
  const isFixed = typeof template === 'string' && /^[\w/:.-]*$/.test(template);
  return { ...place, kind: 'mount', template, segments: isFixed ? segmentsIn(template) : undefined };
}

/** A router is a function with layers; so is nothing else that can be mounted. */
export function routerIn(handle: unknown): Router | undefined {
  const isObject = typeof handle === 'function' || (typeof handle === 'object' && handle !== null);
  const stack = isObject && Object.getOwnPropertyDescriptor(handle, 'stack')?.value;
  return Array.isArray(stack) ? (handle as Router) : undefined;
}

/** Mounted at `/`: it adds nothing, and Express does not even match it. */
export const isSlash = (layer: Layer): boolean => Boolean(layer.slash || layer.regexp?.fast_slash);

function isEmpty(params: object | undefined): boolean {
  for (const _ in params) return false;
  return params !== undefined;
}
