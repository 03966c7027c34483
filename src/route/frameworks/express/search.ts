import { appsMountedIn } from './apps.ts';
import { isSlash, type Layer, type Path, type Router, routerOf } from './layer.ts';
import { matchedPart, takenPart } from './layer-match.ts';
import type { MountPath } from './mount-path.ts';
import { extend, infoOfMount, type LayerInfo, layerInfoOf } from './template.ts';

/**
 * Where a search is.
 * @property app    the app of the router; undefined where the router was mounted without an app
 * @property path   what is left of the path
 * @property under  the mounts around the router
 */
export interface Position {
  readonly router: Router;
  readonly app?: object | undefined;
  readonly path: string;
  readonly under: MountPath;
}

/** Routers inside of routers. More of them are a circle. */
const MAX_DEPTH = 10;

/**
 * The templates of the routes, and of mounts of other middleware, that a path leads to, in the order in which the routers
 * try them. No code of the app runs, and what the layers keep of the request that they match now stays as it is.
 * @param accepts which of them are asked for
 */
export function* templatesAt(
  { router, app, path, under }: Position,
  accepts: (layer: Layer) => boolean,
  depth = 0,
): Generator<string> {
  if (depth > MAX_DEPTH) return;
  const mounted = new Set(app && mountedIn(app, router));
  const enter = function* (layer: Layer, info: LayerInfo, found: object): Generator<string> {
    const inner = routerOf(found);
    const part = takenPart(layer, path);
    if (inner === undefined || part === undefined) return;
    const rest = path.slice(part.length);
    const url = rest.startsWith('/') ? rest : `/${rest}`;
    const inside = isSlash(layer) ? under : extend(under, info, part.replace(/\/$/, ''), { url });
    if (inside !== undefined) {
      yield* templatesAt({ router: inner, app: found, path: url, under: inside }, accepts, depth + 1);
    }
  };

  for (const layer of router.stack) {
    if (hasRouter(layer.handle)) {
      yield* enter(layer, layerInfoOf(layer, router), layer.handle);
      continue;
    }
    if (mounted.size > 0 && layer.name === MOUNTED_APP) {
      const part = takenPart(layer, path);
      for (const each of mounted) {
        if (part === undefined || takenPart(each.layer, path) !== part) continue;
        mounted.delete(each);
        yield* enter(each.layer, each.info, each.app);
      }
    }
    if (!accepts(layer)) continue;
    const part = layer.route ? matchedPart(layer, path) : takenPart(layer, path);
    if (part === undefined) continue;
    const own = layer.route ? '' : part.replace(/\/$/, '');
    const template = extend(under, layerInfoOf(layer, router), own, { url: path.slice(own.length) || '/' });
    if (template !== undefined) yield template.route;
  }
  // Minified code has no names, so it does not show when these apps have their turn.
  for (const { layer, info, app: inner } of mounted) yield* enter(layer, info, inner);
}

const hasRouter = (handle: unknown): handle is object => routerOf(handle) !== undefined;

/** Express mounts an app by a closure of this name. */
const MOUNTED_APP = 'mounted_app';

/**
 * An app in another app.
 * @property layer  a layer of ours with its mount path: the layers of all mounted apps look the same
 */
interface MountedApp {
  readonly app: object;
  readonly layer: Layer;
  readonly info: LayerInfo;
}

const mountedApps = new WeakMap<object, MountedApp>();

function mountedIn(app: object, router: Router): MountedApp[] {
  const [sample] = router.stack;
  if (sample === undefined) return [];
  return [...appsMountedIn(app)].map((each) => {
    const known = mountedApps.get(each);
    if (known !== undefined) return known;
    const path = (each as { mountpath: Path }).mountpath;
    const options = { sensitive: router.caseSensitive, strict: false, end: false };
    const layer = new sample.constructor(path, options, () => {});
    const added = { app: each, layer, info: infoOfMount(layer, path) };
    mountedApps.set(each, added);
    return added;
  });
}
