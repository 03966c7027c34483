import { UnexpectedInternals } from '../../adapter-failure.ts';
import { withoutEndSlashes } from '../../template.ts';
import { compiledMount } from './compiled-mount.ts';
import {
  type ExpressRequest,
  isSlash,
  type Layer,
  offeredPath,
  type Path,
  type PathAlternative,
  pathsIn,
  type Router,
  type Template,
} from './layer.ts';
import type { MountPath } from './mount-path.ts';
import { probedMount } from './probed-mount.ts';

/**
 * What a layer means for the route. It is computed when the first request reaches the layer.
 * @property router     the router that has this layer; undefined if unknown
 * @property isEntry    whether the first requests that reach the router show here what they are, because all pass this layer
 * @property segments   how many segments of a path the mount takes; undefined if that varies
 * @property lastUnder  the mount path around this layer at the last request, nearly always the same one
 * @property lastPath   `lastUnder` with the template of this layer
 */
export interface LayerInfo {
  readonly kind: 'handler' | 'slash' | 'mount' | 'route';
  readonly router: Router | undefined;
  readonly isEntry: boolean;
  readonly template: Template;
  readonly segments: number | undefined;
  lastUnder: MountPath | undefined;
  lastPath: MountPath | undefined;
}

const infos = new WeakMap<Layer, LayerInfo>();

export function layerInfoOf(layer: Layer, router: Router | undefined): LayerInfo {
  const known = infos.get(layer);
  if (known !== undefined) return known;
  const info = readLayer(layer, router);
  infos.set(layer, info);
  return info;
}

function readLayer(layer: Layer, router: Router | undefined): LayerInfo {
  const info = { ...NOTHING, router };
  if (!Object.hasOwn(layer, 'route')) return { ...info, kind: 'handler' };
  if (layer.route) return { ...info, kind: 'route', template: routeTemplate(layer.route.path, layer) };
  if (isSlash(layer)) return { ...info, kind: 'slash', isEntry: isFirstSlash(layer, router) };
  return { ...info, kind: 'mount', ...mountInfo(mountTemplate(layer)) };
}

const NOTHING = {
  router: undefined,
  isEntry: false,
  template: '',
  segments: undefined,
  lastUnder: undefined,
  lastPath: undefined,
} as const;

/** All requests that reach a router pass the first layer that takes every path, unless one before it has answered. */
const isFirstSlash = (layer: Layer, router: Router | undefined): boolean =>
  router === undefined || router.stack.find(isSlash) === layer;

/** A layer that was made for the path of a mount, to find out what it matches. */
export function infoOfMount(layer: Layer, path: Path): LayerInfo {
  return { ...NOTHING, kind: 'mount', ...mountInfo(mountTemplate(layer, path)) };
}

function mountInfo(template: Template): Pick<LayerInfo, 'template' | 'segments'> {
  const isFixed = typeof template === 'string' && /^[\w/:.-]*$/.test(template);
  return { template, segments: isFixed ? segmentsIn(template) : undefined };
}

/** The mount path extended by the template of a layer; `own` is what the layer takes of the path if it is a mount. */
export function extend(
  under: MountPath | undefined,
  info: LayerInfo,
  own: string,
  request: Pick<ExpressRequest, 'url'>,
): MountPath | undefined {
  if (under === undefined) return undefined;
  const { template } = info;
  if (typeof template === 'function') {
    const found = template(own, request);
    return found === undefined ? undefined : under.plus(found);
  }
  if (info.lastUnder !== under) {
    info.lastUnder = under;
    info.lastPath = under.plus(template);
  }
  return info.lastPath;
}

/** The template of a route. The class of its layers can compile each path of an array. */
export function routeTemplate(path: Path, { constructor: AnyLayer }: Layer): Template {
  const paths = pathsIn(path);
  return firstMatching(
    paths.map((each) => {
      const template = each === '/' ? '' : each;
      if (paths.length === 1) return { template, matches: () => true };
      const layer = new AnyLayer(each, { end: true, strict: false, sensitive: false }, () => {});
      return { template, matches: (offered: string) => layer.match(offered) };
    }),
  );
}

/**
 * The template of a layer that was mounted with `use`.
 * @param path that it was mounted at, if it is known
 */
export function mountTemplate(layer: Layer, path: Path | undefined = layer.rawPath): Template {
  const { matchers, regexp, keys = [] } = layer;
  if (regexp !== undefined) return firstMatching(compiledMount(layer.constructor, regexp, keys));
  if (matchers === undefined) throw new UnexpectedInternals('its mounts have neither `regexp` nor `matchers`');
  if (path === undefined) return probedMount(matchers);
  const paths = pathsIn(path);
  return firstMatching(
    matchers.map((matches, index) => {
      const own = paths[index] ?? '';
      return { matches, template: typeof own === 'string' ? withoutEndSlashes(own) : own };
    }),
  );
}

/** Routers take the first path that matches, in the order that the app gave them. */
function firstMatching(alternatives: readonly PathAlternative[]): Template {
  if (alternatives.length === 1) return (alternatives[0] as PathAlternative).template;
  return (own, request) => {
    const path = offeredPath(own, request);
    return alternatives.find((each) => each.matches(path))?.template;
  };
}

/** How many segments a path has. */
export function segmentsIn(path: string): number {
  let count = 0;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) count++;
  return count;
}
