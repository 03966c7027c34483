import { requestPath } from '../../../base/request-path.ts';
import type { AnyServer, RequestKey } from '../../../requests/request-record.ts';
import type { SoughtRequest } from '../../adapter.ts';
import { inheritedValue } from '../../own-property.ts';
import { MAX_PATH_CHARS } from '../../path-cache.ts';
import { routeKind } from '../../template.ts';
import { appsOf, looseMountsOf, outermostApp } from './apps.ts';
import { arrivedPath, prefixesOf } from './cut.ts';
import { type ExpressRequest, isSlash, type Layer, type Route, type Router, routerOf } from './layer.ts';
import { handles } from './layer-match.ts';
import { type MountPath, ROOT } from './mount-path.ts';
import { type Position, templatesAt } from './search.ts';
import { segmentsIn } from './template.ts';
import { type RouteTrail, takenPath, trailOf } from './trail.ts';

/**
 * The template of the first route with this method that a path leads to, in the apps behind a server. A wildcard is it only
 * where there is no other; a route for all paths never is.
 */
export function findRoute({ key, method, path }: SoughtRequest, server: AnyServer): string | undefined {
  let slashed: string | undefined;
  let wildcard: string | undefined;
  for (const position of positionsOf(key, path, server)) {
    for (const template of templatesAt(position, ({ route }) => route !== undefined && handles(route, method))) {
      // A handler for many paths may stand before the routes: it checks tokens, for example.
      const kind = routeKind(template);
      if (kind === 'wildcard') wildcard ??= template;
      if (kind === 'wildcard' || kind === 'catch-all') continue;
      // Nest adds the middleware of a controller as a route of its own, with a slash at the end.
      if (template === '/' || !template.endsWith('/'))
        return slashed === `${template}/` ? template : (slashed ?? template);
      slashed ??= template;
    }
  }
  return slashed ?? wildcard;
}

/** The template of the innermost mount of middleware that is no router, such as a GraphQL server. */
export function findMount(key: RequestKey, server: AnyServer): string | undefined {
  const path = arrivedPath(key as unknown as ExpressRequest);
  let found: string | undefined;
  for (const position of path === undefined ? [] : positionsOf(key, path, server)) {
    for (const template of templatesAt(position, isMountOfMiddleware)) {
      if (found === undefined || segmentsIn(template) > segmentsIn(found)) found = template;
    }
  }
  return found;
}

function isMountOfMiddleware(layer: Layer): boolean {
  // Handlers of errors have a fourth parameter.
  return !layer.route && !isSlash(layer) && typeof layer.handle === 'function' && layer.handle.length < 4;
}

/** Where the search for a request begins. */
function* positionsOf(key: RequestKey, path: string, server: AnyServer): Generator<Position> {
  if (path.length > MAX_PATH_CHARS) return;
  for (const owner of ownersOf(key, server)) {
    const router = routerOf(owner) ?? looseRouterOf(owner);
    for (const [cut, under] of prefixesBefore(owner, trailOf(key))) {
      if (cut !== '' && path !== cut && !path.startsWith(`${cut}/`)) continue;
      yield { router, app: owner, path: path.slice(cut.length) || '/', under };
    }
  }
}

/** The app that got the request, or all apps behind the server; then the server, for routers without an app. */
function* ownersOf(key: RequestKey, server: AnyServer): Generator<object> {
  const app = outermostApp(inheritedValue(key, 'app'));
  if (app === undefined) yield* appsOf(server);
  else yield app;
  yield server;
}

const looseRouterOf = (owner: object): Router => ({ stack: looseMountsOf(owner) });

/** What was cut off before the app got this request, or, if it did not get it, others. */
function prefixesBefore(owner: object, trail: RouteTrail | undefined): Iterable<readonly [string, MountPath]> {
  if (trail !== undefined) return [[trail.cut, rootOf(trail).path ?? ROOT]];
  const known = prefixesOf(owner);
  return known.size > 0 ? known : [['', ROOT]];
}

function rootOf({ frame }: RouteTrail): RouteTrail['frame'] {
  let at = frame;
  while (at.outer !== undefined) at = at.outer;
  return at;
}

/** The template of a route that answered before a hook could see it, if only one way leads to it in the routers of its app. */
export function locate(request: ExpressRequest, route: Route, trail: RouteTrail): string | undefined {
  const router = routerOf(request.app);
  const { path: under } = rootOf(trail);
  if (router === undefined || under === undefined) return undefined;
  const path = takenPath(request, trail) + requestPath(request.url);
  const position: Position = { router, app: request.app as object, path, under };
  const [template, ...others] = new Set(templatesAt(position, (layer) => layer.route === route));
  return others.length === 0 ? template : undefined;
}
