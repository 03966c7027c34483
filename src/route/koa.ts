import type { Carrier } from '../requests/record.ts';
import type { RouteAdapter } from './adapter.ts';
import { Carried, carrierOf, type NodeRequest } from './carried.ts';
import { own } from './own.ts';

/** Where the routers of Koa say which route they have found, and koa-mount what it has taken off the path. */
const MATCHED = '_matchedRoute';
const MOUNTED = 'mountPath';

interface Context {
  readonly req: NodeRequest;
  readonly path: string;
}
/** A mount, and the path as it was before. */
interface Mount {
  readonly prefix: string;
  readonly path: string;
}
interface Visit {
  route: string | undefined;
  readonly mounts: Mount[];
}

const carried = new Carried<Visit>('Koa');
const hooked = new WeakSet<object>();

/**
 * Koa 2 and 3, with @koa/router or koa-router, and with koa-mount.
 *
 * Koa gives each request a context that inherits from the one object of its app that is meant to be extended. On that,
 * accessors take note of what the routers set, whichever copy of whichever router it is.
 */
export const koa: RouteAdapter = {
  name: 'Koa',

  // Given to each request and response of Koa's own, whose app is there by then.
  traps: ['ctx'],

  recognise(candidate) {
    const context = contextOf(own(own(candidate, 'ctx'), 'app')) ?? contextOf(candidate);
    if (context === undefined) return false;
    if (hooked.has(context)) return true;
    const isHooked =
      noteSet(context, MATCHED, (visit, { path }, route) => {
        const prefix = prefixOf(visit, path);
        const own = route instanceof RegExp ? route.source : String(route);
        visit.route = own === '/' && prefix !== '' ? prefix : prefix + own;
      }) &&
      noteSet(context, MOUNTED, (visit, { path }, prefix) => {
        visit.mounts.push({ prefix: String(prefix), path });
      });
    if (isHooked) hooked.add(context);
    return isHooked;
  },

  routeOf: (carrier: Carrier) => carried.of(carrier)?.route,
};

/** The object that all contexts of an app inherit from, if it is an app of Koa's. */
function contextOf(app: unknown): object | undefined {
  const isKoa = Array.isArray(own(app, 'middleware')) && typeof (app as { callback?: unknown }).callback === 'function';
  const context = own(app, 'context');
  return isKoa && typeof context === 'object' ? (context as object) : undefined;
}

/** The mounts that a path is inside of: each has taken its prefix off the path that the one around it left. */
function prefixOf({ mounts }: Visit, path: string): string {
  let inner = path;
  let prefix = '';
  for (const mount of mounts.toReversed()) {
    if ((mount.path.replace(mount.prefix, '') || '/') !== inner) continue;
    prefix = mount.prefix.replace(/\/$/, '') + prefix;
    inner = mount.path;
  }
  return prefix;
}

/** Lets a property be noted when it is set on a context. To the app it is what it was. */
function noteSet(contexts: object, name: string, note: (visit: Visit, context: Context, value: unknown) => void) {
  const key = Symbol(name);
  return Reflect.defineProperty(contexts, name, {
    configurable: true,
    enumerable: false,
    get(this: Record<symbol, unknown>) {
      return this[key];
    },
    set(this: Context & Record<symbol, unknown>, value: unknown) {
      this[key] = value;
      try {
        note(visitOf(this), this, value);
      } catch {
        // A context that is not what was expected has no route.
      }
    },
  });
}

function visitOf({ req }: Context): Visit {
  const carrier = carrierOf(req);
  const known = carried.of(carrier);
  if (known !== undefined) return known;
  const visit: Visit = { route: undefined, mounts: [] };
  carried.put(carrier, visit);
  return visit;
}
