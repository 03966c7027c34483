import { isLinear } from '../../linear-expression.ts';
import { isObject, ownValue } from '../../own-property.ts';
import { routeKind } from '../../template.ts';
import type { App, RouteTrail } from './context.ts';
import { isWildcard, type Layer, layersFor, routeAfter, templateOf } from './layers.ts';

/** A router, and the prefixes of the mounts around it. */
interface MountedRouter {
  readonly router: object;
  readonly prefix: string;
}

/** Routers of one app that are remembered. An app may create them all the time. */
const MAX_ROUTERS = 100;

/** Routers behind mounts and other functions, which do not show them: those that have handled a request. */
const learned = new WeakMap<App, MountedRouter[]>();

/** Remembers the router that handles a request now. */
export function learnRouter({ context, prefix }: RouteTrail): void {
  const router = ownValue(context, 'router');
  if (!isObject(router)) return;
  const { app } = context;
  const known = learned.get(app) ?? [];
  if (known.length >= MAX_ROUTERS || known.some((each) => each.router === router && each.prefix === prefix)) return;
  known.push({ router, prefix });
  learned.set(app, known);
}

/** The template of the route that a request reaches by the routers of an app; a route for all paths is none. */
export function routeIn(app: App, method: string, path: string): string | undefined {
  let wildcard: string | undefined;
  for (const { router, prefix } of [...shownRouters(app), ...(learned.get(app) ?? [])]) {
    const route = path.startsWith(prefix) && match(router, method, path.slice(prefix.length) || '/');
    if (!route) continue;
    if (!isWildcard(route)) return templateOf(route.path, prefix);
    const template = templateOf(route.path, prefix);
    if (routeKind(template) !== 'catch-all') wildcard ??= template;
  }
  return wildcard;
}

/** What `router.routes()` returns has its router as a property. */
const shownRouters = ({ middleware }: App): MountedRouter[] =>
  middleware.flatMap((each) => {
    const router = ownValue(each, 'router');
    return isObject(router) ? { router, prefix: '' } : [];
  });

function match(router: object, method: string, path: string): Layer | undefined {
  const stack = ownValue(router, 'stack');
  if (!Array.isArray(stack)) return undefined;
  return routeAfter(
    layersFor(method, stack).filter(({ regexp }) => regexp !== undefined && isLinear(regexp) && tests(regexp, path)),
    -1,
  );
}

/** Does not move the app's own expression, which remembers where it stopped if it is global or sticky. */
const tests = (regexp: RegExp, path: string): boolean =>
  (regexp.global || regexp.sticky ? new RegExp(regexp) : regexp).test(path);
