import { ownValue } from '../../own-property.ts';
import { MATCHED, type RouteTrail } from './context.ts';
import { isKnownLayer, isPath, isRoute, layerOf, layersFor, type Path, routeAfter } from './layers.ts';
import { learnRouter } from './routers.ts';

/**
 * The path of the route that a request was for. While middleware of the router handles a request, the context has the
 * path of the middleware. Then the route comes after it in the list of layers that the router found.
 */
export function matchedPath(trail: RouteTrail): Path | undefined {
  const { context, matched } = trail;
  const path = matched ?? ownValue(context, MATCHED);
  if (!isPath(path)) return undefined;
  const found: unknown = ownValue(context, 'matched');
  if (!Array.isArray(found)) return path;
  const candidate: unknown = found[found.length - 1];
  if (!isKnownLayer(candidate)) learnRouter(trail);
  const last = layerOf(candidate);
  if (last?.path === path && isRoute(last)) return path;
  const list = layersFor(context.req.method ?? '', found);
  const at = list.findLastIndex((layer) => layer.path === path);
  const layer = list[at];
  return layer === undefined || isRoute(layer) ? path : (routeAfter(list, at)?.path ?? path);
}
