import { isLinear } from '../../linear-expression.ts';
import { isSlash, type Layer, type Matcher, pathsIn, type Route } from './layer.ts';

/**
 * What a layer matches of a path, by its own matchers. `layer.match` would also write to the layer, which all requests
 * share up to router 2.2.
 * @returns undefined where it does not match, and where the app's own expression may take long for a path
 */
export function matchedPart(layer: Layer, path: string): string | undefined {
  if (isSlash(layer)) return '';
  const { regexp, matchers = [], rawPath, route } = layer;
  if (regexp !== undefined) return isUnsafe(regexp) ? undefined : regexp.exec(path)?.[0];
  const given = rawPath ?? route?.path;
  if (given === undefined ? !matchers.every(isOfText) : pathsIn(given).some(isUnsafe)) return undefined;
  for (const matches of matchers) {
    try {
      const found = matches(path);
      if (found) return found.path;
    } catch {
      // A value in the path cannot be decoded: the router answers 400 itself.
      return undefined;
    }
  }
  return undefined;
}

/** What a mount takes of a path: routers accept only a part at its start, up to a slash. */
export function takenPart(layer: Layer, path: string): string | undefined {
  const part = matchedPart(layer, path);
  if (!part) return part;
  if (!path.startsWith(part)) return undefined;
  const next = path[part.length];
  // Express 4 also accepts a dot.
  const isBoundary = next === undefined || next === '/' || (next === '.' && layer.regexp !== undefined);
  return isBoundary ? part : undefined;
}

/** With these flags, what an expression matches depends on what it has matched before. */
const isUnsafe = (path: unknown): boolean => path instanceof RegExp && (path.global || path.sticky || !isLinear(path));

/** Up to router 2.2 a mount does not show its path. Only what path-to-regexp makes of a text has this in it. */
const isOfText = (matcher: Matcher): boolean =>
  Function.prototype.toString.call(matcher).includes('Object.create(null)');

/** Whether a route has a handler for a method. `GET` handlers also answer `HEAD`. */
export function handles({ methods }: Route, method: string): boolean {
  if (methods === undefined) return false;
  return Boolean(methods._all || methods[method.toLowerCase()] || (method === 'HEAD' && methods.get));
}
