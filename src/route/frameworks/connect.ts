import type { IncomingMessage } from 'node:http';
import type { AnyServer } from '../../requests/request-record.ts';
import type { RouteAdapter } from '../adapter.ts';
import { UnexpectedInternals } from '../adapter-failure.ts';
import { isEarly } from '../early-answer.ts';
import { ownValue } from '../own-property.ts';
import { MAX_PATH_CHARS } from '../path-cache.ts';
import { removedPart } from '../removed-part.ts';
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

  routeOf: () => undefined,

  mountOf(key, status, server) {
    const originalUrl = ownValue(key, 'originalUrl');
    // A property of the request itself over HTTP/1, and Node's own getter over HTTP/2.
    const { url } = key as IncomingMessage;
    if (typeof originalUrl !== 'string' || typeof url !== 'string') return undefined;
    const path = pathOf(originalUrl).toLowerCase();
    const mount = removedPart(path, pathOf(url).toLowerCase());
    if (mount === undefined) return undefined;
    const mounts = mountsOf(server);
    // Something before the mounts has answered, or an error has left its mount: the URL is whole.
    if (mount === '')
      return isEarly(status) ? longestMount(path, (each) => mounts.has(each) || hasLayer(each, server)) : undefined;
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
 * @param path in lower case
 */
export function isMount(path: string, server: AnyServer): boolean {
  const outer = longestMount(path, (each) => hasLayer(each, server));
  if (outer === undefined) return false;
  const rest = path.slice(outer.length + 1);
  return rest === '' || !rest.split('/').some(isVariable);
}

/** Whether an app of the server has a layer that is mounted there. Layers of nested apps cannot be seen. */
function hasLayer(path: string, server: AnyServer): boolean {
  const stacks = [...(recognised.get(server) ?? []), ...stacksOf(server)];
  return stacks.some((stack) => stack.some((layer) => String(ownValue(layer, 'route')).toLowerCase() === path));
}

/** The path of a request target, without the query, and without the host of a request to a proxy. */
const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');

/** The longest beginning of a path, in whole segments, that is a mount. */
function longestMount(path: string, isMount: (path: string) => boolean): string | undefined {
  if (path.length > MAX_PATH_CHARS) return undefined;
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const mount = path.slice(0, end);
    if (isMount(mount)) return mount;
  }
  return undefined;
}
