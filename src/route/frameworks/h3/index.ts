import { requestPath } from '../../../base/request-path.ts';
import type { AnyServer, RequestKey } from '../../../requests/request-record.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { type NodeRequest, RequestSlot } from '../../request-slot.ts';
import { clearTraps } from '../../traps.ts';
import { learnPages, pageAt } from '../nuxt/index.ts';
import { ALL_PAGES, eventRoute, hookEvents, isEvent, type RouteTrail, targetOf, trailOf } from './event.ts';
import { isCached, ruleOf } from './route-rules.ts';

/** A request as h3 2 gets it from srvx. */
interface WebRequest {
  readonly runtime?: { readonly node?: { readonly req?: NodeRequest } };
  readonly context?: { readonly matchedRoute?: { readonly route?: string } };
}

const requests = new RequestSlot<WebRequest>('h3');
const hooked = new WeakSet<object>();

/** h3 1 and 2, and with them Nitro 2 and 3, and Nuxt 3 and 4. */
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

  recogniseRequest: (key) => requests.get(key) !== undefined || trailOf(key) !== undefined,

  routeOf(key, status, server) {
    const context = requests.get(key)?.context;
    if (context !== undefined) return ruleOf(context, '') ?? context.matchedRoute?.route;
    const trail = trailOf(key);
    return trail && routeOfEvent(trail, key, status, server);
  },

  matchRoute: ({ path }, server) => pageAt(path, server),
};

function routeOfEvent(trail: RouteTrail, key: RequestKey, status: number, server: AnyServer): string | undefined {
  const { context } = trail.event;
  const route = eventRoute(trail);
  if (route === undefined) return ruleOf(context, requestPath(targetOf(trail)));
  const own = context?.matchedRoute?.path;
  if (own?.endsWith(ALL_PAGES) !== true) return route;
  const isFromCache = isCached(context);
  if (own !== ALL_PAGES && !isFromCache) return route;
  learnPages(key, server, status < 300 && !isFromCache);
  return pageAt(targetOf(trail), server) ?? route;
}

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
        if (node !== undefined) requests.set(node, this);
      });
    },
  });
  hooked.add(prototype);
  requests.set(request, first as WebRequest);
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
