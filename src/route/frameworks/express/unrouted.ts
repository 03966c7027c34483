import type { ServerResponse } from 'node:http';
import { isNotFound } from '../../early-answer.ts';
import type { ExpressRequest } from './layer.ts';
import { isAtDepth, type RouteTrail } from './trail.ts';

/** What a request belongs to that no route has answered. */

/**
 * The template of the route that did its work and passed the request on to what answered it, such as a renderer.
 * A 404 shows that nothing answered.
 */
export function passedRoute(
  request: ExpressRequest,
  { passedOn, response }: RouteTrail,
  status: number,
): string | undefined {
  return isNotFound(status) || isOptionsAnswer(request, response) ? undefined : passedOn;
}

/** The template of the mount whose middleware answered or failed. */
export function mountedRoute(request: ExpressRequest, trail: RouteTrail, status: number): string | undefined {
  const { frame, failed } = trail;
  if (failed !== undefined) return isNotFound(status) ? undefined : failed.path?.route;
  // What cuts the path before Express may pass the request to another app afterwards.
  if (frame.outer === undefined && (frame.path?.path === '' || isNotFound(status))) return undefined;
  if (!isAtDepth(frame.depth, request, trail) || isOptionsAnswer(request, frame.response)) return undefined;
  return frame.path?.route;
}

/** Express itself answers OPTIONS with the allowed methods. */
const isOptionsAnswer = ({ method }: ExpressRequest, response: ServerResponse | undefined): boolean =>
  method === 'OPTIONS' && response !== undefined && response.hasHeader('allow');
