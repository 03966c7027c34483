import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter, UnexpectedInternals } from '../../adapter-failure.ts';
import { inheritedValue, isObject, ownValue } from '../../own-property.ts';
import { type App, type Context, trails } from './context.ts';
import { templateOf } from './layers.ts';
import { matchedPath } from './matched.ts';
import { lastMount, watchMounts } from './mounts.ts';
import { routeIn } from './routers.ts';

const hooked = new WeakSet<object>();

/**
 * Koa 2 and 3, with @koa/router or koa-router, and with koa-mount. Routers leave the route they found on the request's
 * context. So it is enough to hook the method of the app that creates contexts.
 */
export const koa: RouteAdapter = {
  name: 'Koa',

  // Koa sets this on each of its own requests once that is complete, before any middleware.
  trapsFor: (listener) => (isKoa(listener) ? ['originalUrl'] : undefined),
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
    const path = trail && matchedPath(trail);
    return path === undefined ? undefined : templateOf(path, trail?.prefix ?? '');
  },

  mountOf(key, status) {
    const trail = trails.get(key);
    // A mount that passes a request on looks like one that answered. It mostly ends as a 404.
    return status === 404 || trail === undefined ? undefined : lastMount(trail);
  },

  matchRoute({ key, method, path }) {
    const trail = trails.get(key);
    return trail && routeIn(trail.context.app, method, path);
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
  trails.set(context.req, { context, mounts: [], prefix: '', matched: undefined });
}
