import type { ServerResponse } from 'node:http';
import { RequestSlot } from '../../request-slot.ts';
import type { ExpressRequest, Route } from './layer.ts';
import { routeTemplate } from './template.ts';

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

/**
 * A mount that a request is inside of.
 * @property base   undefined where it cannot be known
 * @property depth  how many segments of the path it and those around it take: what `request.baseUrl` has then
 */
export interface Mounted {
  readonly base: Base | undefined;
  readonly depth: number;
  readonly outer: Mounted | undefined;
  readonly response: ServerResponse | undefined;
}

export const ROOT = new Base();
const OUTSIDE: Mounted = { base: ROOT, depth: 0, outer: undefined, response: undefined };
/** Where nothing has a route any more. */
export const NOWHERE: Mounted = { base: undefined, depth: -1, outer: undefined, response: undefined };

/**
 * What is known of a request on its way through the routers.
 * @property route     the template of the route that has the request, or had it when it failed
 * @property passed    a route that has passed the request on: Express leaves the last one in `request.route`
 * @property answered  that the route has answered, though it then passed the request on
 */
export interface Visit {
  route: string | undefined;
  mounted: Mounted;
  passed: Route | undefined;
  answered: boolean;
}

const visits = new RequestSlot<Visit>('Express');

export const visitOf = (request: object): Visit | undefined => visits.get(request);

export function beginVisit(request: object): Visit {
  const visit: Visit = { route: undefined, mounted: OUTSIDE, passed: undefined, answered: false };
  visits.set(request, visit);
  return visit;
}

/** How many segments a path has. */
export function segmentsIn(path: string): number {
  let count = 0;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) count++;
  return count;
}

/** A path without its first segments. */
export function withoutSegments(path: string, count: number): string {
  let at = path.indexOf('/');
  for (let left = count; left > 0 && at >= 0; left--) at = path.indexOf('/', at + 1);
  return at < 0 ? '' : path.slice(at);
}

/** The template of the mounts a request is inside of; undefined where it cannot be known. */
export function baseOf(request: ExpressRequest, visit: Visit | undefined): Base | undefined {
  const { base, depth } = visit?.mounted ?? OUTSIDE;
  return segmentsIn(request.baseUrl ?? '') === depth ? base : undefined;
}

/**
 * The template of the route a request has come to without its handlers having been called, for an answer or an error of
 * a parameter's callback.
 */
export function pendingRoute(request: ExpressRequest, visit: Visit | undefined, base: Base): string | undefined {
  const { route } = request;
  const layer = route?.stack[0];
  if (route === undefined || layer === undefined || route === visit?.passed) return undefined;
  const template = routeTemplate(route.path, layer);
  const own = typeof template === 'string' ? template : template('', request);
  return own === undefined ? undefined : base.plus(own).route;
}

/** The template of the mount whose middleware answered. Express itself answers OPTIONS with the methods of the routes. */
export function mountedRoute(request: ExpressRequest, { mounted }: Visit): string | undefined {
  if (mounted === OUTSIDE || segmentsIn(request.baseUrl ?? '') !== mounted.depth) return undefined;
  if (request.method === 'OPTIONS' && mounted.response?.hasHeader('allow')) return undefined;
  return mounted.base?.route;
}
