import { ownValue } from '../../own-property.ts';

/** What Hono keeps of `app.get('/users/:id', handler)`. */
export interface HonoRoute {
  readonly path: string;
  readonly method: string;
  readonly handler: (...args: unknown[]) => unknown;
}
/** The function that is called, and the route it is of. One object for each, which all routers share. */
export type Handler = [handle: (...args: unknown[]) => unknown, route: HonoRoute];

/** The methods that apps have handlers for. */
export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const ALL = 'ALL';

/** What a router sorts its handlers into, by method: it begins with those for all methods. */
export function isHandlerMap(candidate: unknown): candidate is Record<string, unknown> {
  const value = Object.getOwnPropertyDescriptor(candidate, ALL)?.value;
  return typeof value === 'object' && value !== null;
}

const sorting: (() => void)[] = [];

/**
 * Tells of every handler in such a map, those that are yet to come too: routers ask for the handlers for all methods
 * whenever they sort, and once more when they are done with it. Until `endSorting`.
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
  sorting.push(() => Object.defineProperty(map, ALL, { value: all, writable: true }));
}

/** Leaves the maps as they were. Asked by every handler that is called, so it costs nothing once there are none. */
export function endSorting(): void {
  if (sorting.length === 0) return;
  for (const leave of sorting.splice(0)) leave();
}

/** The one handler in what the other router keeps for it, and gives the parameters of the request at hand. */
export function handlerIn(candidate: unknown): Handler | undefined {
  const value = Object.getOwnPropertyDescriptor(candidate, 'handler')?.value;
  return isHandler(value) ? value : undefined;
}

/** Handlers are in lists, of all routes or by path, and together with what the router needs to know of them. */
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
