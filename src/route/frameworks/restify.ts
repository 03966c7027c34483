import type { RouteAdapter } from '../adapter.ts';
import { ownValue } from '../own-property.ts';

interface Route {
  readonly path: string | RegExp;
}

/** restify 11 and 12. The route it has found stays on the request. */
export const restify: RouteAdapter = {
  name: 'restify',

  // The listener is a bound function and shows nothing. Requests no route answers have these too.
  recogniseRequest: (carrier) =>
    ownValue(carrier, 'serverName') !== undefined && ownValue(carrier, 'timers') !== undefined,

  routeOf(carrier) {
    const route = ownValue(carrier, 'route');
    if (!isRoute(route)) return undefined;
    return typeof route.path === 'string' ? route.path : String(route.path);
  },
};

/** Express leaves a route under the same name. restify's has what it was declared with. */
const isRoute = (found: unknown): found is Route =>
  typeof found === 'object' && found !== null && Object.hasOwn(found, 'spec') && Object.hasOwn(found, 'chain');
