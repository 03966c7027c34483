import { compiledMount } from './compiled-mount.ts';
import type { ExpressRequest, Layer, Path } from './layer.ts';
import { probedMount } from './probed-mount.ts';

/**
 * What a layer adds to the route template: text, or where that depends on the request, a function of what a mount takes
 * of the path (of a route: nothing) and of `request.url`, which is the rest of it and not read in vain. Empty for `/`, so
 * that templates join; undefined where it cannot be known.
 */
export type Template = string | ((own: string, request: Pick<ExpressRequest, 'url'>) => string | undefined);

/** One of the paths a layer was given. */
export interface Way {
  readonly template: string;
  matches(path: string): unknown;
}

/** The template of a route. The class of its layers compiles the elements of an array one by one. */
export function routeTemplate(path: Path, { constructor: AnyLayer }: Layer): Template {
  const paths = elementsOf(path);
  return firstOf(
    paths.map((each) => {
      const template = each === '/' ? '' : String(each);
      if (paths.length === 1) return { template, matches: () => true };
      const layer = new AnyLayer(each, { end: true, strict: false, sensitive: false }, () => {});
      return { template, matches: (offered: string) => layer.match(offered) };
    }),
  );
}

/** The template of a layer mounted with `use`. */
export function mountTemplate(layer: Layer): Template {
  const { matchers, rawPath, regexp, keys = [] } = layer;
  if (regexp !== undefined) return firstOf(compiledMount(layer.constructor, regexp, keys));
  if (matchers === undefined) return () => undefined;
  if (rawPath === undefined) return probedMount(matchers);
  const paths = elementsOf(rawPath);
  return firstOf(
    matchers.map((matches, index) => {
      const path = paths[index] ?? '';
      return { matches, template: typeof path === 'string' ? path.replace(/\/+$/, '') : String(path) };
    }),
  );
}

const elementsOf = (path: Path) => ([path] as unknown[]).flat(Infinity) as (string | RegExp)[];

/** Routers take the first path that matches, in the order they were given. */
function firstOf(ways: readonly Way[]): Template {
  if (ways.length === 1) return (ways[0] as Way).template;
  return (own, request) => {
    const path = offeredPath(own, request);
    return ways.find((way) => way.matches(path))?.template;
  };
}

/** The path a router offered to a layer. The URL may be in absolute form (`http://host/a?b`). */
export function offeredPath(own: string, { url }: Pick<ExpressRequest, 'url'>): string {
  const origin = url.charCodeAt(0) === 47 ? url : url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '');
  const end = origin.indexOf('?');
  const rest = end < 0 ? origin : origin.slice(0, end);
  // A slash that Express puts in front of nothing was not there.
  return own !== '' && rest === '/' ? own : own + rest;
}
