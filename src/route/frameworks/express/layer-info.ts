import type { ExpressRequest, Layer, Router } from './layer.ts';
import { isSlash } from './router.ts';
import { mountTemplate, routeTemplate, type Template } from './template.ts';
import { type Base, segmentsIn } from './trail.ts';

/**
 * What a layer is for the route, worked out when a request first comes by.
 * @property router    the router it is in; undefined where that is not known
 * @property segments  how many segments of a path the mount takes; undefined where that is not fixed
 * @property under     where it was met last, and what its template made of that: nearly always the same
 */
export interface Place {
  readonly kind: 'handler' | 'slash' | 'mount' | 'route';
  readonly router: Router | undefined;
  readonly template: Template;
  readonly segments: number | undefined;
  under: Base | undefined;
  base: Base | undefined;
}

export function placeOf(layer: Layer, router: Router | undefined): Place {
  const place = { router, template: '', segments: undefined, under: undefined, base: undefined };
  if (!Object.hasOwn(layer, 'route')) return { ...place, kind: 'handler' };
  if (layer.route) return { ...place, kind: 'route', template: routeTemplate(layer.route.path, layer) };
  if (isSlash(layer)) return { ...place, kind: 'slash' };
  const template = mountTemplate(layer);
  const isFixed = typeof template === 'string' && /^[\w/:.-]*$/.test(template);
  return { ...place, kind: 'mount', template, segments: isFixed ? segmentsIn(template) : undefined };
}

/** The templates of a place and of what it is in; `own` is what it takes of the path if it is a mount. */
export function join(under: Base | undefined, place: Place, own: string, request: ExpressRequest): Base | undefined {
  if (under === undefined) return undefined;
  const { template } = place;
  if (typeof template !== 'string') {
    const found = template(own, request);
    return found === undefined ? undefined : under.plus(found);
  }
  if (place.under !== under) {
    place.under = under;
    place.base = under.plus(template);
  }
  return place.base;
}
