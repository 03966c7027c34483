import type { AnyServer } from '../../requests/request-record.ts';
import type { RouteAdapter } from '../adapter.ts';
import { UnexpectedInternals } from '../adapter-failure.ts';
import { ownValue } from '../own-property.ts';
import { isVariable } from '../shape/segment.ts';

type Server = AnyServer & { listeners?(event: string): unknown[] };
type Stack = readonly unknown[];

/** Mounts that are distinguished on one server. */
const MAX_MOUNTS = 200;

/**
 * Mounts whose middleware has answered a request, by server, in lower case: connect ignores letter case. Mounts have no
 * parameters.
 */
const answered = new WeakMap<AnyServer, Set<string>>();

/**
 * The stacks of the apps that listened when connect was recognised, by server. Packages such as socket.io may replace
 * these listeners by a function of their own afterwards, and then no listener shows an app.
 */
const recognised = new WeakMap<AnyServer, readonly Stack[]>();

/**
 * connect 3. It has no routes, only mounted middleware: while that handles a request, connect removes the path of the
 * mount from `request.url`. Nested apps remove theirs one after another, so the removed part is the whole mount path.
 * Middleware may also shorten the URL itself, by any text: such a text is no mount.
 */
export const connect: RouteAdapter = {
  name: 'connect',
  hasHiddenRoutes: true,

  recognise(listener, server) {
    if (typeof listener !== 'function' || !isApp(listener)) return false;
    if (stackOf(listener) === undefined) throw new UnexpectedInternals('its app has no array `stack`');
    recognised.set(server, stacksOf(server));
    return true;
  },

  // For an app behind another listener. Other frameworks keep `originalUrl` too, and add one of the other properties.
  recogniseRequest: (key) =>
    ON_REQUESTS.every((name) => ownValue(key, name) !== undefined) &&
    !OF_OTHERS.some((name) => Object.hasOwn(key, name)),

  routeOf(key, status, server) {
    const originalUrl = ownValue(key, 'originalUrl');
    const url = ownValue(key, 'url');
    if (typeof originalUrl !== 'string' || typeof url !== 'string') return undefined;
    const path = pathOf(originalUrl).toLowerCase();
    const mount = removedPart(path, pathOf(url).toLowerCase());
    if (mount === undefined) return undefined;
    const mounts = mountsOf(server);
    if (mount === '') return status >= 500 ? longestMount(mounts, path) : undefined;
    if (mounts.size < MAX_MOUNTS && !mounts.has(mount) && isMount(mount, server)) mounts.add(mount);
    return mounts.has(mount) ? mount : undefined;
  },
};

/** What connect adds to requests, and what Express and Polka add besides. */
const ON_REQUESTS = ['originalUrl', '_parsedUrl'];
const OF_OTHERS = ['baseUrl', 'search'];

const isApp = (listener: unknown): boolean =>
  typeof ownValue(listener, 'route') === 'string' && typeof ownValue(listener, 'handle') === 'function';

function stackOf(app: unknown): Stack | undefined {
  const stack = ownValue(app, 'stack');
  return Array.isArray(stack) ? stack : undefined;
}

/** The stacks of the apps that listen now. */
const stacksOf = (server: Server): Stack[] =>
  (server.listeners?.('request') ?? []).flatMap((listener) => {
    const stack = isApp(listener) ? stackOf(listener) : undefined;
    return stack === undefined ? [] : [stack];
  });

function mountsOf(server: AnyServer): Set<string> {
  const known = answered.get(server);
  if (known !== undefined) return known;
  const mounts = new Set<string>();
  answered.set(server, mounts);
  return mounts;
}

/**
 * Whether an app of the server has this mount. Only the app's own layers are compared; the rest of the path, which may
 * belong to nested apps, must consist of words.
 */
function isMount(path: string, server: AnyServer): boolean {
  for (const stack of [...(recognised.get(server) ?? []), ...stacksOf(server)]) {
    for (const layer of stack) {
      const route = String(ownValue(layer, 'route') ?? '').toLowerCase();
      if (route === '' || !`${path}/`.startsWith(`${route}/`)) continue;
      const rest = path.slice(route.length + 1);
      if (rest === '' || !rest.split('/').some(isVariable)) return true;
    }
  }
  return false;
}

/** The path of a request target, without the query, and without the host of a request to a proxy. */
const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');

/** @returns undefined when the app has replaced the whole URL */
function removedPart(path: string, rest: string): string | undefined {
  if (path === rest) return '';
  if (path.endsWith(rest)) return path.slice(0, path.length - rest.length);
  // Where nothing is left of the path, connect writes a slash, also before a query.
  return rest.startsWith('/') && path.endsWith(rest.slice(1))
    ? path.slice(0, path.length - rest.length + 1)
    : undefined;
}

/**
 * The mount of a request that failed. The error has left the mount when it is answered, so the URL is whole again: the
 * longest mount that has answered such a path before.
 */
function longestMount(mounts: ReadonlySet<string>, path: string): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const mount = path.slice(0, end);
    if (mounts.has(mount)) return mount;
  }
  return undefined;
}
