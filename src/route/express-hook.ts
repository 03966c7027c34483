import type { ServerResponse } from 'node:http';
import { ROUTE_OF } from './adapter.ts';
import type { ExpressRequest, Layer, Next, Route } from './express-layer.ts';
import { mountTemplate, pathOf, routeTemplate, type Template } from './express-template.ts';

/** The mounts a request is inside of, innermost first. */
interface Mounted {
  /** `request.baseUrl` inside. */
  readonly url: string;
  /** Undefined where it cannot be known. */
  readonly base: Base | undefined;
  readonly outer: Mounted | undefined;
  readonly response: ServerResponse;
}

const MOUNTED: unique symbol = Symbol('@org/apm mounted');
/** The last route known to have passed the request on. Express leaves such a one in `request.route`. */
const PASSED: unique symbol = Symbol('@org/apm passed');
const PLACE: unique symbol = Symbol('@org/apm place');

type Request = ExpressRequest & { [MOUNTED]?: Mounted | undefined; [PASSED]?: Route | undefined };

/** The template of a mount with those it is inside of. One object for one text, so that each is joined only once. */
export class Base {
  readonly path: string;
  readonly #below = new Map<string, Base>();

  constructor(path = '') {
    this.path = path;
  }

  get route(): string {
    return this.path || '/';
  }

  plus(own: string): Base {
    if (own === '') return this;
    const known = this.#below.get(own);
    if (known !== undefined) return known;
    const below = new Base(this.path + own);
    this.#below.set(own, below);
    return below;
  }
}

export const ROOT = new Base();

/** What a layer is for the route, worked out when a request first comes by. */
interface Place {
  readonly kind: 'handler' | 'slash' | 'mount' | 'route';
  readonly template: Template;
  /** How many segments what was mounted takes of a path; undefined where that is not fixed. */
  readonly segments: number | undefined;
  /** Where it was met last, and what its template made of that: nearly always the same. */
  under: Base | undefined;
  base: Base | undefined;
}

const hooked = new WeakSet<object>();

/**
 * Hooks the class of these layers: every request they handle gets its route from then on.
 * @returns whether there was a layer that shows the class, and it is hooked
 */
export function hookLayers(stack: unknown): boolean {
  const prototype = prototypeOf(stack);
  if (prototype === undefined) return false;
  if (hooked.has(prototype)) return true;
  // The names of Express 4 and of Express 5.
  const name = ['handle_request', 'handleRequest'].find((each) => Object.hasOwn(prototype, each));
  if (name === undefined || typeof prototype[name] !== 'function') return false;
  const handle = prototype[name];
  prototype[name] = function (this: Layer, request: Request, response: ServerResponse, next: Next) {
    return handle.call(this, request, response, enter(this, request, response, next));
  };
  hooked.add(prototype);
  return true;
}

export const areHooked = (stack: unknown): boolean => hooked.has(prototypeOf(stack) ?? {});

// biome-ignore lint/suspicious/noExplicitAny: a class found on a live object
function prototypeOf(stack: unknown): any {
  const prototype = Array.isArray(stack) && stack.length > 0 ? Object.getPrototypeOf(stack[0]) : undefined;
  return prototype === Object.prototype ? undefined : (prototype ?? undefined);
}

/** @returns the `next` to give to the layer */
function enter(layer: Layer & { [PLACE]?: Place }, request: Request, response: ServerResponse, next: Next): Next {
  try {
    layer[PLACE] ??= placeOf(layer);
    const place = layer[PLACE];
    if (place.kind === 'handler') return next;
    // That a layer after it is reached shows that the last route, if there was one, has passed the request on.
    if (place.kind !== 'route' && request.route !== undefined) request[PASSED] = request.route;
    // What runs after the answer does not give it.
    if (place.kind === 'slash' || response.headersSent) return next;
    return place.kind === 'route'
      ? enterRoute(layer.route as Route, place, request, response, next)
      : enterMount(place, request, response, next);
  } catch {
    return next;
  }
}

function enterRoute(route: Route, place: Place, request: Request, response: ServerResponse, next: Next): Next {
  const base = baseOf(request);
  const before = request[ROUTE_OF];
  request[ROUTE_OF] = base && join(base, place, '', request.url)?.route;
  return (error) => {
    if (!isFailure(error) && !response.headersSent) {
      request[ROUTE_OF] = before;
      request[PASSED] = route;
    }
    next(error);
  };
}

function enterMount(place: Place, request: Request, response: ServerResponse, next: Next): Next {
  const outer = request[MOUNTED];
  const url = request.baseUrl ?? '';
  const above = outer === undefined ? '' : outer.url;
  const under = outer === undefined ? ROOT : outer.base;
  const base = under && url.startsWith(above) ? join(under, place, url.slice(above.length), request.url) : undefined;
  const here: Mounted = { url, base, outer, response };
  request[MOUNTED] = here;
  return (error) => {
    if (!response.headersSent) leaveMount(here, request, error);
    next(error);
  };
}

function leaveMount(here: Mounted, request: Request, error: unknown): void {
  try {
    if (isFailure(error)) request[ROUTE_OF] ??= here.base && pendingRoute(request, here.base);
    for (let at = request[MOUNTED]; at !== undefined; at = at.outer) {
      if (at === here) request[MOUNTED] = here.outer;
    }
  } catch {
    // The request stays without a route.
  }
}

/** `next()`, `next('route')` and `next('router')` pass a request on. */
const isFailure = (error: unknown): boolean => Boolean(error) && error !== 'route' && error !== 'router';

function join(under: Base, place: Place, own: string, url: string): Base | undefined {
  const { template } = place;
  if (typeof template !== 'string') {
    // A slash that Express puts in front of nothing is not of the path that was offered.
    const rest = pathOf(url);
    const offered = own !== '' && rest === '/' ? own : own + rest;
    const found = template(offered);
    return found === undefined ? undefined : under.plus(found);
  }
  // A router in between that no hook has seen would make it longer.
  if (place.segments !== undefined && place.segments !== slashesIn(own)) return undefined;
  if (place.under !== under) {
    place.under = under;
    place.base = under.plus(template);
  }
  return place.base;
}

function slashesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) count++;
  return count;
}

function placeOf(layer: Layer): Place {
  const place = { template: '', segments: undefined, under: undefined, base: undefined };
  if (!Object.hasOwn(layer, 'route')) return { ...place, kind: 'handler' };
  // A router of another copy of Express.
  hookLayers(layer.handle.stack);
  if (layer.route) return { ...place, kind: 'route', template: routeTemplate(layer.route.path, layer) };
  if (isSlash(layer)) return { ...place, kind: 'slash' };
  const template = mountTemplate(layer);
  const isPlain = typeof template === 'string' && /^[\w/:.-]*$/.test(template);
  return { ...place, kind: 'mount', template, segments: isPlain ? slashesIn(template) : undefined };
}

/** Mounted at `/`: it adds nothing, and Express does not even match it. */
export const isSlash = (layer: Layer): boolean => Boolean(layer.slash || layer.regexp?.fast_slash);

/** The template of the mounts a request is inside of; undefined where it cannot be known. */
export function baseOf(request: Request): Base | undefined {
  const mounted = request[MOUNTED];
  if (mounted === undefined) return request.baseUrl ? undefined : ROOT;
  return mounted.url === request.baseUrl ? mounted.base : undefined;
}

/**
 * The template of the route a request has come to without its handlers having been called, for an answer or an error of
 * a parameter's callback.
 */
export function pendingRoute(request: Request, base: Base): string | undefined {
  const { route } = request;
  if (route === undefined || route === request[PASSED]) return undefined;
  const [layer] = route.stack;
  if (layer === undefined) return undefined;
  const template = routeTemplate(route.path, layer);
  const own = typeof template === 'string' ? template : template(pathOf(request.url));
  return own === undefined ? undefined : base.plus(own).route;
}

/** The template of the mount whose middleware answered. Express itself answers OPTIONS with the methods of the routes. */
export function mountedRoute(request: Request & { method?: string }): string | undefined {
  const mounted = request[MOUNTED];
  if (mounted === undefined || mounted.url !== request.baseUrl) return undefined;
  if (request.method === 'OPTIONS' && mounted.response.hasHeader('allow')) return undefined;
  return mounted.base?.route;
}
