import type { RouteAdapter } from '../adapter.ts';
import { guardAdapter } from '../adapter-failure.ts';
import { type NodeRequest, RequestSlot } from '../request-slot.ts';

interface HapiRoute {
  readonly path: string;
}
interface HapiRequest {
  readonly raw: { readonly req: NodeRequest };
  readonly info: { readonly hostname: string };
  readonly _route: HapiRoute;
  readonly _core: { readonly router: Router };
}
/** @see https://github.com/hapijs/call */
interface Router {
  readonly specials: Specials;
  /** @param method in lower case */
  route(method: string, path: string, hostname: string): { readonly route: HapiRoute };
}
/** The routes that answer unknown paths, malformed paths and CORS preflights. */
type Specials = Readonly<Partial<Record<'notFound' | 'badRequest' | 'options', { readonly route: HapiRoute } | null>>>;

const requests = new RequestSlot<HapiRequest>('hapi');
const hooked = new WeakSet<object>();

/** hapi 21. The constructor of requests ends with one method, which is hooked on the class of the first request. */
export const hapi: RouteAdapter = {
  name: 'hapi',

  // The constructor of each request sets this property, after it has read the method of Node's request.
  trapsFor: (listener) => (isHapi(listener) ? ['preResponses'] : undefined),
  ownsListener: isHapi,

  recognise(candidate) {
    const prototype = classWith('_initializeUrl', candidate);
    if (prototype === undefined) return false;
    if (hooked.has(prototype)) return true;
    const initialize = prototype._initializeUrl as () => void;
    prototype._initializeUrl = function (this: HapiRequest) {
      guardAdapter('hapi', () => requests.set(this.raw.req, this));
      return initialize.call(this);
    };
    hooked.add(prototype);
    return true;
  },

  routeOf(key) {
    const request = requests.get(key);
    return request && pathOf(request._route, request._core.router);
  },

  matchRoute({ key, method, path }) {
    const request = requests.get(key);
    if (request === undefined) return undefined;
    const { router } = request._core;
    return pathOf(router.route(method.toLowerCase(), path, request.info.hostname).route, router);
  },
};

function pathOf(route: HapiRoute, { specials }: Router): string | undefined {
  const { notFound, badRequest, options } = specials;
  const isSpecial = route === notFound?.route || route === badRequest?.route || route === options?.route;
  return isSpecial ? undefined : route.path;
}

function isHapi(listener: string): boolean {
  return listener.includes('.operations.cleanStop');
}

/** The object in the prototype chain that has such a method itself. */
function classWith(method: string, object: unknown): Record<string, unknown> | undefined {
  if (typeof object !== 'object') return undefined;
  for (let found = object; found !== null; found = Object.getPrototypeOf(found)) {
    if (typeof Object.getOwnPropertyDescriptor(found, method)?.value === 'function') return found as never;
  }
  return undefined;
}
