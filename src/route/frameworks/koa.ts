import type { RouteAdapter } from '../adapter.ts';
import { guardAdapter } from '../adapter-failure.ts';
import { inheritedValue, ownValue } from '../own-property.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../request-slot.ts';
import { isWrapperListener } from '../wrapper-listener.ts';

/** Where the routers of Koa say which route they have found, and koa-mount what it has taken off the path. */
const MATCHED = '_matchedRoute';
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
/** A mount, and the path as it was before. */
interface Mount {
  readonly prefix: string;
  readonly path: string;
}
/** @property route  only where there may be mounts: what they have taken off is known when the router says its own part */
interface Visit {
  readonly context: Context;
  readonly mounts: Mount[];
  route: string | undefined;
}

const carried = new RequestSlot<Visit>('Koa');
const hooked = new WeakSet<object>();

/**
 * Koa 2 and 3, with @koa/router or koa-router, and with koa-mount. Routers leave what they have found on the request's
 * context, so it is enough to know that: the method of the app that makes it is hooked.
 */
export const koa: RouteAdapter = {
  name: 'Koa',

  // Given to each of Koa's own requests as soon as that is whole, before any middleware.
  trapsFor(listener) {
    const isKoa = listener.includes('.createContext(') && listener.includes('.handleRequest(');
    return isKoa || isWrapperListener(listener) ? ['originalUrl'] : undefined;
  },

  recognise(candidate) {
    const context = ownValue(candidate, 'ctx');
    const app = ownValue(context, 'app') ?? candidate;
    if (!isApp(app)) return false;
    if (context !== undefined) begin(context as Context);
    if (hooked.has(app)) return true;
    hookApp(app);
    hooked.add(app);
    return true;
  },

  routeOf(carrier) {
    const visit = carried.get(carrier);
    return visit && (visit.route ?? templateOf(ownValue(visit.context, MATCHED)));
  },
};

function isApp(app: unknown): app is App {
  const isKoa = ['callback', 'createContext'].every((name) => typeof inheritedValue(app, name) === 'function');
  return isKoa && Array.isArray(ownValue(app, 'middleware')) && typeof ownValue(app, 'context') === 'object';
}

function hookApp(app: App): void {
  const create = app.createContext;
  const value = function (this: App, ...args: unknown[]): Context {
    const context = Reflect.apply(create, this, args);
    guardAdapter('Koa', () => begin(context));
    return context;
  };
  Object.defineProperty(app, 'createContext', { value, writable: true, configurable: true });
  noteMounts(app.context);
}

function begin(context: Context): void {
  carried.set(requestKeyOf(context.req), { context, mounts: [], route: undefined });
}

const templateOf = (route: unknown): string | undefined =>
  typeof route === 'string' ? route : route instanceof RegExp ? route.source : undefined;

/**
 * koa-mount takes parts of the path away while it handles a request, and says so to nobody afterwards. So where it does,
 * the route is noted at the moment it is found.
 */
function noteMounts(contexts: object): void {
  if (MATCHED in contexts || MOUNTED in contexts) return;
  noteSet(contexts, MOUNTED, (visit, prefix) => {
    if (visit.mounts.push({ prefix: String(prefix), path: visit.context.path }) > 1) return;
    visit.route = templateOf(ownValue(visit.context, MATCHED));
    noteSet(visit.context, MATCHED, noteRoute);
  });
}

function noteRoute(visit: Visit, matched: unknown): void {
  const prefix = prefixOf(visit);
  const route = templateOf(matched) ?? '';
  visit.route = route === '/' && prefix !== '' ? prefix : prefix + route;
}

/** The mounts that the path is inside of: each has taken its prefix off the path that the one around it left. */
function prefixOf({ context, mounts }: Visit): string {
  let inner = context.path;
  let prefix = '';
  for (const mount of mounts.toReversed()) {
    if ((mount.path.replace(mount.prefix, '') || '/') !== inner) continue;
    prefix = mount.prefix.replace(/\/$/, '') + prefix;
    inner = mount.path;
  }
  return prefix;
}

/** Lets a property be noted when it is set on a context. */
function noteSet(contexts: object, name: string, note: (visit: Visit, value: unknown) => void): void {
  const key = Symbol(name);
  const before = ownValue(contexts, name);
  Object.defineProperty(contexts, name, {
    configurable: true,
    get(this: Record<symbol, unknown>) {
      return key in this ? this[key] : before;
    },
    set(this: Context & Record<symbol, unknown>, value: unknown) {
      this[key] = value;
      guardAdapter('Koa', () => {
        const visit = carried.get(requestKeyOf(this.req));
        if (visit !== undefined) note(visit, value);
      });
    },
  });
}
