import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../../request-slot.ts';
import { eventRoute, hookEvents, isEvent, wasSeen } from './event.ts';

/** A request as h3 2 gets it from srvx. */
interface WebRequest {
  readonly runtime?: { readonly node?: { readonly req?: NodeRequest } };
  readonly context?: { readonly matchedRoute?: { readonly route?: string } };
}

const carried = new RequestSlot<WebRequest>('h3');
const hooked = new WeakSet<object>();

/** h3 1 and 2, and with them Nitro 2 and 3. */
export const h3: RouteAdapter = {
  name: 'h3',

  // h3 2 gives each request a context; Nitro 2 gives that to each event, and h3 1 asks the options of its app for a hook.
  trapsFor(listener) {
    if (/new [\w$]+\(\{\s*req:[^,]{1,20},\s*res:/.test(listener) && listener.includes('.then(')) return ['context'];
    return listener.includes('.options.onError') && listener.includes('[h3]')
      ? ['captureError', 'onRequest']
      : undefined;
  },

  recognise(candidate) {
    if (isEvent(candidate)) return hookEvents(candidate as object);
    const request = nodeRequestOf(candidate);
    if (request !== undefined) return hookRequests(candidate as WebRequest, request);
    return offerHook(candidate);
  },

  recogniseRequest: (carrier) => carried.get(carrier) !== undefined || wasSeen(carrier),

  routeOf: (carrier) => carried.get(carrier)?.context?.matchedRoute?.route ?? eventRoute(carrier),
};

const nodeRequestOf = (request: unknown): NodeRequest | undefined =>
  ownValue(ownValue(ownValue(request, 'runtime'), 'node'), 'req') as NodeRequest | undefined;

/** The context of a request is that of its event, on which the route is left. */
function hookRequests(first: WebRequest, request: NodeRequest): boolean {
  const prototype = Object.getPrototypeOf(first);
  if (hooked.has(prototype)) return true;
  const key = Symbol('context');
  Object.defineProperty(prototype, 'context', {
    configurable: true,
    get(this: Record<symbol, unknown>) {
      return this[key];
    },
    set(this: WebRequest & Record<symbol, unknown>, context: unknown) {
      this[key] = context;
      guardAdapter('h3', () => {
        const node = nodeRequestOf(this);
        if (node !== undefined) carried.set(requestKeyOf(node), this);
      });
    },
  });
  hooked.add(prototype);
  carried.set(requestKeyOf(request), first);
  return true;
}

const OPTIONS = new Set(['debug', 'onError', 'onBeforeResponse', 'onAfterResponse', 'websocket']);

/** The options of an app of h3 1 that has no hook for its requests: it is asked for first, before any code of the app's. */
function offerHook(options: unknown): boolean {
  if (typeof options !== 'object' || options === null || Object.getPrototypeOf(options) !== Object.prototype)
    return false;
  if (!Object.keys(options).every((name) => OPTIONS.has(name)) || Object.hasOwn(options, 'onRequest')) return false;
  const value = (event: unknown) => void (isEvent(event) && hookEvents(event as object));
  return Reflect.defineProperty(options, 'onRequest', { value, configurable: true, writable: true });
}
