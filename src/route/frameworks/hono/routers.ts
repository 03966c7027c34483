import { guardAdapter } from '../../adapter-failure.ts';
import { isObject, ownValue } from '../../own-property.ts';
import { afterListeners } from '../../traps.ts';

/** What Hono keeps of `app.get('/users/:id', handler)`. */
export interface HonoRoute {
  readonly path: string;
  readonly method: string;
  readonly handler: (...args: unknown[]) => unknown;
}
/** The function that Hono calls, and its route. There is one such object per handler, which all routers share. */
export type Handler = [handle: (...args: unknown[]) => unknown, route: HonoRoute];
type Found = (handler: Handler) => void;

/** The key under which the RegExpRouter has the handlers for all methods, beside those of each method. */
const ALL = 'ALL';

let stop: (() => void) | undefined;

/**
 * Reports the handlers of the app that receives the current request, from now until its first handler is called or the
 * request's listeners have returned.
 *
 * Nothing leads from Node's request to the router. But each of Hono's routers passes its handlers to one of two functions
 * of JavaScript when it receives its first request, before any handler runs: to `push`, or in an object to `Object.keys`.
 * These two are replaced meanwhile, by functions that do the same.
 *
 * Code of the app can see that in two places, during the few requests that are watched: in its `notFound` where no handler
 * matches, and in a function around `app.fetch`, once that has read the method of the request. Hono does nothing there that
 * could be seen before it calls them.
 */
export function watchRouters(found: Found): void {
  stopWatching();
  const { push } = Array.prototype;
  const { keys } = Object;
  const examine = (run: () => void) => guardAdapter('Hono', run);
  const areSet =
    Reflect.set(Array.prototype, 'push', function (this: unknown[], ...items: unknown[]) {
      examine(() => {
        for (let i = 0; i < items.length; i++) reportPushed(items[i], found);
      });
      return Reflect.apply(push, this, items);
    }) &&
    Reflect.set(Object, 'keys', (object: object) => {
      examine(() => {
        if (isObject(ownValue(object, ALL))) walk(object, 0, keys, found);
      });
      return keys(object);
    });
  stop = () => {
    Reflect.set(Array.prototype, 'push', push);
    Reflect.set(Object, 'keys', keys);
  };
  if (areSet) afterListeners(stopWatching);
  else stopWatching();
}

/** Every handler that is called asks for this, so it costs nothing while no router is watched. */
export function stopWatching(): boolean {
  if (stop === undefined) return false;
  stop();
  stop = undefined;
  return true;
}

/**
 * What routers push: `[method, path, handler]` or `[handler, path]` of a new route, `[handler, parameters]` of a match, and
 * in the TrieRouter `{ GET: { handler } }` and `{ handler }`.
 */
function reportPushed(item: unknown, found: Found): void {
  if (typeof item !== 'object' || item === null) return;
  if (Array.isArray(item)) {
    const [first, , third] = item;
    if (isHandler(first)) found(first);
    else if (isHandler(third)) found(third);
    return;
  }
  const matched = ownValue(item, 'handler');
  if (isHandler(matched)) {
    found(matched);
    return;
  }
  const names = Reflect.ownKeys(item);
  const [name] = names;
  const added = names.length === 1 && typeof name === 'string' ? ownValue(ownValue(item, name), 'handler') : undefined;
  if (isHandler(added)) found(added);
}

/** Handlers are in lists, for all paths or by path, beside other data of the router. */
function walk(value: unknown, depth: number, keys: (object: object) => string[], found: Found): void {
  if (typeof value !== 'object' || value === null || depth > 4) return;
  if (isHandler(value)) found(value);
  else for (const name of keys(value)) walk(ownValue(value, name), depth + 1, keys, found);
}

function isHandler(value: unknown): value is Handler {
  if (!Array.isArray(value) || typeof value[0] !== 'function') return false;
  const [, route] = value;
  const isText = (name: string) => typeof ownValue(route, name) === 'string';
  return isText('path') && isText('method') && typeof ownValue(route, 'handler') === 'function';
}
