import type { RouteAdapter } from '../adapter.ts';
import { guardAdapter } from '../adapter-failure.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../request-slot.ts';
import { isWrapperListener } from '../wrapper-listener.ts';

interface HapiRoute {
  readonly path: string;
}
interface HapiRequest {
  readonly raw: { readonly req: NodeRequest };
  readonly _route: HapiRoute;
  readonly _core: { readonly router: { readonly specials: Specials } };
}
/** What answers where no route does, to bad paths, and to CORS preflights, each a route too. */
type Specials = Readonly<Partial<Record<'notFound' | 'badRequest' | 'options', { readonly route: HapiRoute } | null>>>;

const carried = new RequestSlot<HapiRequest>('hapi');
const hooked = new WeakSet<object>();

/** hapi 21. Its requests look their route up by one method, which is hooked on the class of the first one. */
export const hapi: RouteAdapter = {
  name: 'hapi',

  // Given to each request by its constructor.
  trapsFor: (listener) =>
    listener.includes('.operations.cleanStop') || isWrapperListener(listener) ? ['_isPayloadPending'] : undefined,

  recognise(candidate) {
    const prototype = classWith('_lookup', candidate);
    if (prototype === undefined) return false;
    if (hooked.has(prototype)) return true;
    const lookup = prototype._lookup as () => void;
    prototype._lookup = function (this: HapiRequest) {
      guardAdapter('hapi', () => carried.set(requestKeyOf(this.raw.req), this));
      return lookup.call(this);
    };
    hooked.add(prototype);
    return true;
  },

  routeOf(carrier) {
    const request = carried.get(carrier);
    if (request === undefined) return undefined;
    const { _route: route, _core: core } = request;
    const { notFound, badRequest, options } = core.router.specials;
    const isSpecial = route === notFound?.route || route === badRequest?.route || route === options?.route;
    return isSpecial ? undefined : route.path;
  },
};

/** What an object inherits such a method of its own from. */
function classWith(method: string, object: unknown): Record<string, unknown> | undefined {
  if (typeof object !== 'object') return undefined;
  for (let found = object; found !== null; found = Object.getPrototypeOf(found)) {
    if (typeof Object.getOwnPropertyDescriptor(found, method)?.value === 'function') return found as never;
  }
  return undefined;
}
