import { ownValue } from '../../own-property.ts';
import { afterListeners } from '../../traps.ts';

/** What Hono keeps of `app.get('/users/:id', handler)`. */
export interface HonoRoute {
  readonly path: string;
  readonly method: string;
  readonly handler: (...args: unknown[]) => unknown;
}
/** The function that Hono calls, and its route. There is one such object per handler, which all routers share. */
export type Handler = [handle: (...args: unknown[]) => unknown, route: HonoRoute];

/** The methods that apps have handlers for. */
export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const ALL = 'ALL';

/** The object into which a router sorts its handlers by method. It starts with the handlers for all methods. */
export function isHandlerMap(candidate: unknown): candidate is Record<string, unknown> {
  const value = Object.getOwnPropertyDescriptor(candidate, ALL)?.value;
  return typeof value === 'object' && value !== null;
}

/** Restores the maps that are watched now. All belong to the request whose listeners run. */
const restores: (() => void)[] = [];

/**
 * Reports every handler in such a map, also those that the router adds later: routers read the handlers for all methods
 * whenever they sort, and once more when they have finished. Ends with `endSorting`, or when the request's listeners
 * have returned: a map that stays watched would keep its app alive.
 */
export function findHandlers(map: Record<string, unknown>, found: (handler: Handler) => void): void {
  let all = map[ALL];
  Object.defineProperty(map, ALL, {
    configurable: true,
    enumerable: true,
    get() {
      for (const method of Object.keys(map)) walk(method === ALL ? all : ownValue(map, method), 0, found);
      return all;
    },
    set(value: unknown) {
      all = value;
    },
  });
  if (restores.length === 0) afterListeners(endSorting);
  restores.push(() => Object.defineProperty(map, ALL, { value: all, writable: true }));
}

/** Restores the maps. Every handler that is called asks for this, so it costs nothing once no map is watched. */
export function endSorting(): void {
  if (restores.length === 0) return;
  for (const restore of restores.splice(0)) restore();
}

/** The handler in the object that Hono's other router makes for the request, with its parameters. */
export function handlerIn(candidate: unknown): Handler | undefined {
  const value = Object.getOwnPropertyDescriptor(candidate, 'handler')?.value;
  return isHandler(value) ? value : undefined;
}

/** Handlers are in lists, for all paths or by path, beside other data of the router. */
function walk(value: unknown, depth: number, found: (handler: Handler) => void): void {
  if (typeof value !== 'object' || value === null || depth > 4) return;
  if (isHandler(value)) found(value);
  else for (const name of Object.keys(value)) walk(ownValue(value, name), depth + 1, found);
}

function isHandler(value: unknown): value is Handler {
  if (!Array.isArray(value) || typeof value[0] !== 'function') return false;
  const { path, method, handler } = (value[1] ?? {}) as Partial<HonoRoute>;
  return typeof path === 'string' && typeof method === 'string' && typeof handler === 'function';
}
