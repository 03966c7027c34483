import { requestPath } from '../../base/request-path.ts';
import type { RequestKey } from '../../requests/request-record.ts';
import type { RouteAdapter } from '../adapter.ts';
import { inheritedValue, isObject, ownValue } from '../own-property.ts';
import { withoutEndSlashes } from '../template.ts';
import { trails } from './koa/context.ts';

/**
 * A node of the routes of an app: one segment of their paths.
 * @property data  of the service whose path ends here
 */
interface RouteNode {
  readonly name: string;
  readonly children: Readonly<Record<string, RouteNode>>;
  readonly placeholders: readonly RouteNode[];
  readonly data?: unknown;
}
interface Routes {
  readonly root: RouteNode;
  readonly caseSensitive: boolean;
}

/** Feathers adds this parameter to the path of each service. Its owners write `:id`. */
const ID = '__id';

/** Feathers 5 on Koa or Express. The app has the paths of all services, and a request the service that it was for. */
export const feathers: RouteAdapter = {
  name: 'Feathers',

  recognise: (candidate) => routesOf(candidate) !== undefined,

  recogniseRequest: (key) => routesOf(appOf(key)) !== undefined,

  routeOf(key) {
    const request = trails.get(key)?.context ?? key;
    if (ownValue(request, 'lookup') === undefined) return undefined;
    const url = ownValue(request, 'originalUrl');
    return typeof url === 'string' ? find(key, requestPath(url)) : undefined;
  },

  matchRoute: ({ key, path }) => find(key, path),
};

/** The app that Koa's context or Express's request belongs to. */
const appOf = (key: RequestKey): unknown => trails.get(key)?.context.app ?? inheritedValue(key, 'app');

function routesOf(app: unknown): Routes | undefined {
  if (typeof ownValue(app, 'lookup') !== 'function') return undefined;
  const routes = ownValue(app, 'routes');
  const root = ownValue(routes, 'root');
  return isObject(ownValue(root, 'children')) && Array.isArray(ownValue(root, 'placeholders'))
    ? (routes as Routes)
    : undefined;
}

function find(key: RequestKey, path: string): string | undefined {
  const routes = routesOf(appOf(key));
  if (routes === undefined) return undefined;
  const segments = withoutEndSlashes(path).replace(/^\/+/, '').split('/');
  const template = match(routes.root, routes.caseSensitive ? segments : segments.map((each) => each.toLowerCase()), 0);
  return template === '' ? '/' : template;
}

/** As Feathers searches: text before placeholders. */
function match(node: RouteNode, segments: readonly string[], depth: number): string | undefined {
  const segment = segments[depth];
  if (segment === undefined) return node.data === undefined ? undefined : '';
  const child = Object.hasOwn(node.children, segment) ? node.children[segment] : undefined;
  for (const next of child === undefined ? node.placeholders : [child, ...node.placeholders]) {
    const rest = match(next, segments, depth + 1);
    if (rest === undefined) continue;
    return `/${next === child ? '' : ':'}${next.name === ID ? 'id' : next.name}${rest}`;
  }
  return undefined;
}
