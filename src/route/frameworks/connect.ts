import type { RouteAdapter } from '../adapter.ts';
import { ownValue } from '../own-property.ts';
import { isVariable } from '../shape/segment.ts';

/** Mounts that are told apart, at the most. */
const MOUNTS = 200;

/** Where middleware has answered before. Mounts have no parameters, and the case of their letters is of no account. */
const mounts = new Set<string>();
/** The stacks of the apps that were seen: what is mounted in them directly. */
const stacks = new Set<readonly unknown[]>();

/**
 * connect 3. It knows no routes, only where middleware is mounted: while that handles a request, the path of the mount is
 * taken off its URL. Nested apps take theirs off one after another, so what is gone is the whole of it. Middleware may
 * take other things off, which are no mounts and may be anything.
 */
export const connect: RouteAdapter = {
  name: 'connect',

  recognise(listener) {
    if (typeof listener !== 'function') return false;
    const isApp = typeof ownValue(listener, 'route') === 'string' && typeof ownValue(listener, 'handle') === 'function';
    const stack = ownValue(listener, 'stack');
    if (!isApp || !Array.isArray(stack)) return false;
    stacks.add(stack);
    return true;
  },

  // Behind a listener of the app's own. Other frameworks keep the URL as it was too, and leave one of these besides.
  recogniseRequest: (carrier) =>
    MARKS.every((name) => ownValue(carrier, name) !== undefined) &&
    !OTHERS.some((name) => Object.hasOwn(carrier, name)),

  routeOf(carrier, status) {
    const originalUrl = ownValue(carrier, 'originalUrl');
    const url = ownValue(carrier, 'url');
    if (typeof originalUrl !== 'string' || typeof url !== 'string') return undefined;
    const path = pathOf(originalUrl).toLowerCase();
    const mount = takenOff(path, pathOf(url).toLowerCase());
    if (mount === undefined) return undefined;
    if (mount === '') return status >= 500 ? mountOf(path) : undefined;
    if (mounts.size < MOUNTS && isMount(mount)) mounts.add(mount);
    return mounts.has(mount) ? mount : undefined;
  },
};

/** By what is mounted in an app, and for what is in that again, by its words. */
function isMount(path: string): boolean {
  for (const stack of stacks) {
    for (const layer of stack) {
      const route = String(ownValue(layer, 'route') ?? '').toLowerCase();
      if (route === '' || !`${path}/`.startsWith(`${route}/`)) continue;
      const rest = path.slice(route.length + 1);
      if (rest === '' || !rest.split('/').some(isVariable)) return true;
    }
  }
  return false;
}

/** What connect leaves on requests, and of those that do too, Express and Polka, what it does not. */
const MARKS = ['originalUrl', '_parsedUrl'];
const OTHERS = ['baseUrl', 'search'];

/** Without the query, and without the host of a request to a proxy. */
const pathOf = (url: string): string => url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/, '');

/** @returns undefined where the app has made it another URL altogether */
function takenOff(path: string, rest: string): string | undefined {
  if (path === rest) return '';
  if (path.endsWith(rest)) return path.slice(0, path.length - rest.length);
  // At the end of a mount's path connect leaves a slash, and between the path and a query too.
  return rest.startsWith('/') && path.endsWith(rest.slice(1))
    ? path.slice(0, path.length - rest.length + 1)
    : undefined;
}

/** An error has left its mount by the time it is answered: the longest one that has answered such a path before. */
function mountOf(path: string): string | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const mount = path.slice(0, end);
    if (mounts.has(mount)) return mount;
  }
  return undefined;
}
