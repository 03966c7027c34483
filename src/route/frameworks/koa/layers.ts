import { isObject, ownValue } from '../../own-property.ts';
import { readablePattern } from '../../readable-pattern.ts';
import { templateBelow } from '../../template.ts';

export type Path = string | RegExp;

/**
 * What a router keeps of `router.get('/users/:id', handler)` and of `router.use(middleware)`.
 * @property path     with the prefixes of its routers, without the path of a mount; `router.prefix()` changes it
 * @property methods  none for middleware
 */
export interface Layer {
  readonly path: Path;
  readonly methods: readonly string[];
  readonly regexp?: RegExp;
}

const layers = new WeakSet<object>();

export const isKnownLayer = (candidate: unknown): boolean => layers.has(candidate as object);

/** The object as a layer of a router; undefined if it is none. */
export function layerOf(candidate: unknown): Layer | undefined {
  if (!isObject(candidate)) return undefined;
  if (!layers.has(candidate)) {
    if (!isPath(ownValue(candidate, 'path')) || !Array.isArray(ownValue(candidate, 'methods'))) return undefined;
    layers.add(candidate);
  }
  return candidate as Layer;
}

/** The layers of a list that may handle a request with this method. */
export const layersFor = (method: string, list: readonly unknown[]): Layer[] =>
  list.flatMap((candidate) => {
    const layer = layerOf(candidate);
    return layer === undefined || (isRoute(layer) && !layer.methods.includes(method)) ? [] : layer;
  });

export const isPath = (value: unknown): value is Path => typeof value === 'string' || value instanceof RegExp;

export const isRoute = ({ methods }: Layer): boolean => methods.length > 0;

/**
 * The route that a request reaches after some middleware, among the layers that match it. Behind the last route there is
 * only middleware that got the request from that route.
 * @param from index of the middleware
 */
export function routeAfter(list: readonly Layer[], from: number): Layer | undefined {
  const routes = list.slice(from + 1).filter(isRoute);
  return routes.find((route) => !isWildcard(route)) ?? routes.at(-1) ?? list.findLast(isRoute);
}

/** Such a route often is a check that passes the request on to the others. */
export const isWildcard = ({ path }: Layer): boolean =>
  typeof path === 'string' && (path.includes('*') || REST.test(path));

/**
 * A rest of any text at the end of a path: `(.+)`, or Strapi's `((?!uploads/).+)` for all that no other route has. It is
 * written `(.*)`, as everybody writes it.
 */
const REST = /\((?:\(\?![^()]*\))?\.[+*]\)$/;

/** The template of a path below mounts. */
export function templateOf(path: Path, prefix: string): string {
  if (typeof path !== 'string') return prefix === '' ? path.source : prefix + readablePattern(path);
  return templateBelow(prefix, path.endsWith(')') ? path.replace(REST, '(.*)') : path);
}
