import type { RouteAdapter } from '../adapter.ts';
import { guardAdapter, UnexpectedInternals } from '../adapter-failure.ts';
import { inheritedValue, isObject, ownValue } from '../own-property.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../request-slot.ts';
import { isWrapperListener } from '../traps.ts';

/** The routers of Koa set this on the context: the route they found. */
const MATCHED = '_matchedRoute';
/** koa-mount sets this on the context: the prefix it removed from the path. */
const MOUNTED = 'mountPath';

interface Context {
  readonly req: NodeRequest;
  readonly path: string;
}
interface App {
  readonly middleware: readonly unknown[];
  readonly context: object;
  createContext(...args: unknown[]): Context;
}
/** A mount, and the path before the mount removed its prefix. */
interface Mount {
  readonly prefix: string;
  readonly path: string;
}
/** @property route  set only if there may be mounts: their prefixes are known at the moment the router finds its route */
interface RouteTrail {
  readonly context: Context;
  readonly mounts: Mount[];
  route: string | undefined;
}

const trails = new RequestSlot<RouteTrail>('Koa');
const hooked = new WeakSet<object>();

/**
 * Koa 2 and 3, with @koa/router or koa-router, and with koa-mount. Routers leave the route they found on the request's
 * context. So it is enough to hook the method of the app that creates contexts.
 */
export const koa: RouteAdapter = {
  name: 'Koa',

  // Koa sets this on each of its own requests once that is complete, before any middleware.
  trapsFor: (listener) => (isKoa(listener) || isWrapperListener(listener) ? ['originalUrl'] : undefined),
  ownsListener: isKoa,

  recognise(candidate) {
    const context = ownValue(candidate, 'ctx');
    const app = ownValue(context, 'app') ?? candidate;
    if (!isApp(app)) {
      if (isObject(context) && isObject(app) && ownValue(context, 'req') !== undefined) {
        throw new UnexpectedInternals('its app lacks one of `createContext`, `callback`, `middleware` and `context`');
      }
      return false;
    }
    if (context !== undefined) begin(context as Context);
    if (hooked.has(app)) return true;
    hookApp(app);
    hooked.add(app);
    return true;
  },

  routeOf(key) {
    const trail = trails.get(key);
    return trail && (trail.route ?? templateOf(ownValue(trail.context, MATCHED)));
  },
};

function isKoa(listener: string): boolean {
  return listener.includes('.createContext(') && listener.includes('.handleRequest(');
}

function isApp(app: unknown): app is App {
  const hasMethods = ['callback', 'createContext'].every((name) => typeof inheritedValue(app, name) === 'function');
  return hasMethods && Array.isArray(ownValue(app, 'middleware')) && typeof ownValue(app, 'context') === 'object';
}

function hookApp(app: App): void {
  const create = app.createContext;
  const value = function (this: App, ...args: unknown[]): Context {
    const context = Reflect.apply(create, this, args);
    guardAdapter('Koa', () => begin(context));
    return context;
  };
  Object.defineProperty(app, 'createContext', { value, writable: true, configurable: true });
  watchMounts(app.context);
}

function begin(context: Context): void {
  trails.set(requestKeyOf(context.req), { context, mounts: [], route: undefined });
}

const templateOf = (route: unknown): string | undefined =>
  typeof route === 'string' ? route : route instanceof RegExp ? route.source : undefined;

/**
 * koa-mount removes parts of the path while it handles a request, and restores them afterwards. So for an app with mounts
 * the route is noted at the moment the router finds it.
 */
function watchMounts(contexts: object): void {
  if (MATCHED in contexts || MOUNTED in contexts) return;
  watchProperty(contexts, MOUNTED, (trail, prefix) => {
    if (trail.mounts.push({ prefix: String(prefix), path: trail.context.path }) > 1) return;
    trail.route = templateOf(ownValue(trail.context, MATCHED));
    watchProperty(trail.context, MATCHED, noteRoute);
  });
}

function noteRoute(trail: RouteTrail, matched: unknown): void {
  const prefix = prefixOf(trail);
  const route = templateOf(matched) ?? '';
  trail.route = route === '/' && prefix !== '' ? prefix : prefix + route;
}

/** The prefixes of the current mounts. Each mount has removed its prefix from the path that the mount around it left. */
function prefixOf({ context, mounts }: RouteTrail): string {
  let inner = context.path;
  let prefix = '';
  for (const mount of mounts.toReversed()) {
    if ((mount.path.replace(mount.prefix, '') || '/') !== inner) continue;
    prefix = mount.prefix.replace(/\/$/, '') + prefix;
    inner = mount.path;
  }
  return prefix;
}

/** Calls `onSet` when a property of a context is set. */
function watchProperty(contexts: object, name: string, onSet: (trail: RouteTrail, value: unknown) => void): void {
  const symbol = Symbol(name);
  const before = ownValue(contexts, name);
  Object.defineProperty(contexts, name, {
    configurable: true,
    get(this: Record<symbol, unknown>) {
      return symbol in this ? this[symbol] : before;
    },
    set(this: Context & Record<symbol, unknown>, value: unknown) {
      this[symbol] = value;
      guardAdapter('Koa', () => {
        const trail = trails.get(requestKeyOf(this.req));
        if (trail !== undefined) onSet(trail, value);
      });
    },
  });
}
