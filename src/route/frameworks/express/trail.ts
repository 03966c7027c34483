import type { ServerResponse } from 'node:http';
import { RequestSlot } from '../../request-slot.ts';
import type { ExpressRequest, Route } from './layer.ts';
import { MountPath, routeTemplate, segmentsIn } from './template.ts';

/**
 * A mount that a request is inside of.
 * @property path   undefined if it is unknown
 * @property depth  how many segments of the path this mount and those around it take, as in `request.baseUrl`
 */
export interface MountFrame {
  readonly path: MountPath | undefined;
  readonly depth: number;
  readonly outer: MountFrame | undefined;
  readonly response: ServerResponse | undefined;
}

export const ROOT = new MountPath();
const OUTSIDE: MountFrame = { path: ROOT, depth: 0, outer: undefined, response: undefined };
/** Where we have lost track: nothing that follows has a route. */
export const LOST: MountFrame = { path: undefined, depth: -1, outer: undefined, response: undefined };

/**
 * What is known of a request on its way through the routers.
 * @property route     the template of the current route, or of the route that failed
 * @property frame     the innermost mount
 * @property passed    a route that passed the request on: Express still has it in `request.route`
 * @property answered  the route answered, and then passed the request on
 */
export interface RouteTrail {
  route: string | undefined;
  frame: MountFrame;
  passed: Route | undefined;
  answered: boolean;
}

const trails = new RequestSlot<RouteTrail>('Express');

export const trailOf = (request: object): RouteTrail | undefined => trails.get(request);

export function beginTrail(request: object): RouteTrail {
  const trail: RouteTrail = { route: undefined, frame: OUTSIDE, passed: undefined, answered: false };
  trails.set(request, trail);
  return trail;
}

/** The path of the mounts that a request is inside of; undefined if it is unknown. */
export function mountPathOf(request: ExpressRequest, trail: RouteTrail | undefined): MountPath | undefined {
  const { path, depth } = trail?.frame ?? OUTSIDE;
  return segmentsIn(request.baseUrl ?? '') === depth ? path : undefined;
}

/**
 * The template of a route whose handlers have not been called yet, because the callback of a parameter answered or
 * failed before them.
 */
export function pendingRoute(
  request: ExpressRequest,
  trail: RouteTrail | undefined,
  mount: MountPath,
): string | undefined {
  const { route } = request;
  const layer = route?.stack[0];
  if (route === undefined || layer === undefined || route === trail?.passed) return undefined;
  const template = routeTemplate(route.path, layer);
  const own = typeof template === 'string' ? template : template('', request);
  return own === undefined ? undefined : mount.plus(own).route;
}

/** The template of the mount whose middleware answered, unless Express itself answered OPTIONS with the allowed methods. */
export function mountedRoute(request: ExpressRequest, { frame }: RouteTrail): string | undefined {
  if (frame === OUTSIDE || segmentsIn(request.baseUrl ?? '') !== frame.depth) return undefined;
  if (request.method === 'OPTIONS' && frame.response?.hasHeader('allow')) return undefined;
  return frame.path?.route;
}
