import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../../request-slot.ts';
import { clearTraps } from '../../traps.ts';
import { eventRoute, hookEvents, isEvent, wasSeen } from './event.ts';

/** A request as h3 2 gets it from srvx. */
interface WebRequest {
  readonly runtime?: { readonly node?: { readonly req?: NodeRequest } };
  readonly context?: { readonly matchedRoute?: { readonly route?: string } };
}

const requests = new RequestSlot<WebRequest>('h3');
const hooked = new WeakSet<object>();

/** h3 1 and 2, and with them Nitro 2 and 3. */
export const h3: RouteAdapter = {
  name: 'h3',

  // h3 2 sets a context on each request. Nitro 2 sets `captureError` on each event. h3 reads the hook `onRequest` of its
  // app's options.
  trapsFor(listener) {
    if (/new [\w$]+\(\{\s*req:[^,]{1,20},\s*res:/.test(listener) && listener.includes('.then(')) {
      return ['context', 'onRequest'];
    }
    return isVersion1(listener) ? ['captureError', 'onRequest'] : undefined;
  },
  // srvx, the server of h3 2, also serves other handlers.
  ownsListener: isVersion1,

  recognise(candidate) {
    return hookEvent(candidate) || hookRequests(candidate) || offerHook(candidate);
  },

  recogniseRequest: (key) => requests.get(key) !== undefined || wasSeen(key),

  routeOf: (key) => requests.get(key)?.context?.matchedRoute?.route ?? eventRoute(key),
};

function isVersion1(listener: string): boolean {
  return listener.includes('.options.onError') && listener.includes('[h3]');
}

const nodeRequestOf = (request: unknown): NodeRequest | undefined =>
  ownValue(ownValue(ownValue(request, 'runtime'), 'node'), 'req') as NodeRequest | undefined;

/** Hooks the class of an event of h3 1. */
function hookEvent(candidate: unknown): boolean {
  if (!isEvent(candidate)) return false;
  hookEvents(candidate as object);
  return true;
}

/**
 * Hooks the class of a request of h3 2. The context of a request is also the context of its event, where h3 leaves the
 * route.
 */
function hookRequests(first: unknown): boolean {
  const request = nodeRequestOf(first);
  if (request === undefined) return false;
  const prototype = Object.getPrototypeOf(first);
  if (hooked.has(prototype)) return true;
  const symbol = Symbol('context');
  Object.defineProperty(prototype, 'context', {
    configurable: true,
    get(this: Record<symbol, unknown>) {
      return this[symbol];
    },
    set(this: WebRequest & Record<symbol, unknown>, context: unknown) {
      this[symbol] = context;
      guardAdapter('h3', () => {
        const node = nodeRequestOf(this);
        if (node !== undefined) requests.set(requestKeyOf(node), this);
      });
    },
  });
  hooked.add(prototype);
  requests.set(requestKeyOf(request), first as WebRequest);
  return true;
}

/** The names of the options of h3 1, and those of h3 2. */
const OPTIONS = new Set([
  ...['debug', 'onError', 'onBeforeResponse', 'onAfterResponse', 'websocket'],
  ...['silent', 'plugins', 'onResponse', 'allowMalformedURL'],
]);

/** Gives a hook to the options of an app that has none. h3 reads it before any code of the app runs. */
function offerHook(options: unknown): boolean {
  if (typeof options !== 'object' || options === null || Object.getPrototypeOf(options) !== Object.prototype)
    return false;
  if (!Object.keys(options).every((name) => OPTIONS.has(name)) || Object.hasOwn(options, 'onRequest')) return false;
  const value = (event: unknown) => {
    // Traps for another server of the same app, in which this hook now steps.
    clearTraps();
    guardAdapter('h3', () => void (hookEvent(event) || hookRequests(ownValue(event, 'req'))));
  };
  return Reflect.defineProperty(options, 'onRequest', { value, configurable: true, writable: true });
}
