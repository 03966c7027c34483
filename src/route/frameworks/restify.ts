import type { RouteAdapter } from '../adapter.ts';
import { UnexpectedInternals } from '../adapter-failure.ts';
import { isObject, ownValue } from '../own-property.ts';

/** restify 11 and 12. The route that it found stays on the request. */
export const restify: RouteAdapter = {
  name: 'restify',

  // The listener is a bound function without properties. All requests have these, also those without a route.
  recogniseRequest: (key) => ownValue(key, 'serverName') !== undefined && ownValue(key, 'timers') !== undefined,

  routeOf(key) {
    const route = ownValue(key, 'route');
    if (!isRoute(route)) return undefined;
    const { path } = route;
    if (typeof path === 'string') return path;
    if (path instanceof RegExp) return String(path);
    throw new UnexpectedInternals('its routes have no `path`');
  },
};

/** Express leaves a route under the same name. Only restify's route has these. */
const isRoute = (found: unknown): found is { readonly path?: unknown } =>
  isObject(found) && Object.hasOwn(found, 'spec') && Object.hasOwn(found, 'chain');
