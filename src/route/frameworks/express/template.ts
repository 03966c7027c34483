import { UnexpectedInternals } from '../../adapter-failure.ts';
import { compiledMount } from './compiled-mount.ts';
import {
  type ExpressRequest,
  isSlash,
  type Layer,
  offeredPath,
  type Path,
  type PathAlternative,
  type Router,
  type Template,
} from './layer.ts';
import { probedMount } from './probed-mount.ts';

/** Distinct templates below one mount path. Apps that create mounts all the time must not fill the memory. */
const MAX_BELOW = 1000;

/** The template of a mount, with the mounts around it. There is one object for one text, so that each is joined once. */
export class MountPath {
  readonly path: string;
  readonly #below = new Map<string, MountPath>();

  constructor(path = '') {
    this.path = path;
  }

  get route(): string {
    return this.path || '/';
  }

  plus(own: string): MountPath {
    if (own === '') return this;
    const known = this.#below.get(own);
    if (known !== undefined) return known;
    const below = new MountPath(this.path + own);
    if (this.#below.size >= MAX_BELOW) this.#below.clear();
    this.#below.set(own, below);
    return below;
  }
}

/**
 * What a layer means for the route. It is computed when the first request reaches the layer.
 * @property router     the router that has this layer; undefined if unknown
 * @property segments   how many segments of a path the mount takes; undefined if that varies
 * @property lastUnder  the mount path around this layer at the last request, nearly always the same one
 * @property lastPath   `lastUnder` with the template of this layer
 */
export interface LayerInfo {
  readonly kind: 'handler' | 'slash' | 'mount' | 'route';
  readonly router: Router | undefined;
  readonly template: Template;
  readonly segments: number | undefined;
  lastUnder: MountPath | undefined;
  lastPath: MountPath | undefined;
}

export function layerInfoOf(layer: Layer, router: Router | undefined): LayerInfo {
  const info = { router, template: '', segments: undefined, lastUnder: undefined, lastPath: undefined };
  if (!Object.hasOwn(layer, 'route')) return { ...info, kind: 'handler' };
  if (layer.route) return { ...info, kind: 'route', template: routeTemplate(layer.route.path, layer) };
  if (isSlash(layer)) return { ...info, kind: 'slash' };
  const template = mountTemplate(layer);
  const isFixed = typeof template === 'string' && /^[\w/:.-]*$/.test(template);
  return { ...info, kind: 'mount', template, segments: isFixed ? segmentsIn(template) : undefined };
}

/** The mount path extended by the template of a layer; `own` is what the layer takes of the path if it is a mount. */
export function extend(
  under: MountPath | undefined,
  info: LayerInfo,
  own: string,
  request: ExpressRequest,
): MountPath | undefined {
  if (under === undefined) return undefined;
  const { template } = info;
  if (typeof template !== 'string') {
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
  const paths = flattened(path);
  return firstMatching(
    paths.map((each) => {
      const template = each === '/' ? '' : String(each);
      if (paths.length === 1) return { template, matches: () => true };
      const layer = new AnyLayer(each, { end: true, strict: false, sensitive: false }, () => {});
      return { template, matches: (offered: string) => layer.match(offered) };
    }),
  );
}

/** The template of a layer that was mounted with `use`. */
export function mountTemplate(layer: Layer): Template {
  const { matchers, rawPath, regexp, keys = [] } = layer;
  if (regexp !== undefined) return firstMatching(compiledMount(layer.constructor, regexp, keys));
  if (matchers === undefined) throw new UnexpectedInternals('its mounts have neither `regexp` nor `matchers`');
  if (rawPath === undefined) return probedMount(matchers);
  const paths = flattened(rawPath);
  return firstMatching(
    matchers.map((matches, index) => {
      const path = paths[index] ?? '';
      return { matches, template: typeof path === 'string' ? path.replace(/\/+$/, '') : String(path) };
    }),
  );
}

const flattened = (path: Path) => ([path] as unknown[]).flat(Infinity) as (string | RegExp)[];

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
