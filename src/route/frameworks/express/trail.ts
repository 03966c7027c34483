import type { ServerResponse } from 'node:http';
import { requestPath } from '../../../base/request-path.ts';
import { RequestSlot } from '../../request-slot.ts';
import { outermostApp, serverOf } from './apps.ts';
import { arrivedPath, cutOf, prefixFor, removedSegments } from './cut.ts';
import type { ExpressRequest, Route } from './layer.ts';
import { type MountPath, ROOT } from './mount-path.ts';
import { segmentsIn } from './template.ts';

/**
 * A mount that a request is inside of.
 * @property path   undefined if it is unknown
 * @property depth  how many segments of the path this mount and those around it take, as in `request.baseUrl`
 * @property outer  undefined around all mounts
 */
export interface MountFrame {
  readonly path: MountPath | undefined;
  readonly depth: number;
  readonly outer: MountFrame | undefined;
  readonly response: ServerResponse | undefined;
}

const OUTSIDE: MountFrame = { path: ROOT, depth: 0, outer: undefined, response: undefined };
/** Where we have lost track: nothing that follows has a route. */
export const LOST: MountFrame = { path: undefined, depth: -1, outer: undefined, response: undefined };

/**
 * What is known of a request on its way through the routers.
 * @property route     the template of the current route, or of the route that failed
 * @property frame     the innermost mount
 * @property cut       what was cut off the path before the request reached Express
 * @property passed    a route that passed the request on: Express still has it in `request.route`
 * @property passedOn  the template of such a route, of several the most specific
 * @property response  that such a route had
 * @property failed    the innermost mount whose middleware failed, until the request is handled further without the error
 * @property answered  the route answered, and then passed the request on
 */
export interface RouteTrail {
  route: string | undefined;
  frame: MountFrame;
  readonly cut: string;
  passed: Route | undefined;
  passedOn: string | undefined;
  response: ServerResponse | undefined;
  failed: MountFrame | undefined;
  answered: boolean;
}

const trails = new RequestSlot<RouteTrail>('Express');

export const trailOf = (request: object): RouteTrail | undefined => trails.get(request);

export function beginTrail(request: ExpressRequest): RouteTrail {
  const cut = cutOf(request);
  const trail: RouteTrail = {
    route: undefined,
    frame:
      cut === ''
        ? OUTSIDE
        : { ...OUTSIDE, path: prefixFor(cut, request, outermostApp(request.app) ?? serverOf(request) ?? request) },
    cut,
    passed: undefined,
    passedOn: undefined,
    response: undefined,
    failed: undefined,
    answered: false,
  };
  trails.set(request, trail);
  return trail;
}

/**
 * Whether a request is as deep in mounts as `depth` says. `request.baseUrl` shows it, unless other code than Express writes
 * to that: Sails, for example, writes the address of the server. Then `request.url` shows it, unless the app rewrites that.
 */
export function isAtDepth(depth: number, request: ExpressRequest, trail: RouteTrail): boolean {
  if (segmentsIn(request.baseUrl ?? '') === depth) return true;
  const removed = removedFrom(request, trail);
  return removed !== undefined && segmentsIn(removed) === depth;
}

/** What the mounts have taken of the path, also where code other than Express has written an address to `baseUrl`. */
export function takenPath(request: ExpressRequest, trail: RouteTrail): string {
  const { baseUrl = '' } = request;
  if (baseUrl === '' || baseUrl.startsWith('/')) return baseUrl;
  return removedFrom(request, trail) ?? '';
}

/** What the mounts have taken, from what is left; undefined where the app has rewritten `request.url`. */
function removedFrom(request: ExpressRequest, { cut }: RouteTrail): string | undefined {
  const entered = arrivedPath(request)?.slice(cut.length) || '/';
  return removedSegments(entered, requestPath(request.url));
}

/** The template of what the mounts of Express have removed of a path, where it has that many segments. */
export function mountPathOf(request: object, removed: string): string | undefined {
  const frame = trailOf(request)?.frame;
  return frame?.outer !== undefined && frame.depth === segmentsIn(removed) ? frame.path?.path : undefined;
}
