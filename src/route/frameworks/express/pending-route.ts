import type { ExpressRequest } from './layer.ts';
import type { MountPath } from './mount-path.ts';
import { routeTemplate } from './template.ts';
import type { RouteTrail } from './trail.ts';

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
  const own = typeof template === 'function' ? template('', request) : template;
  return own === undefined ? undefined : mount.plus(own).route;
}
