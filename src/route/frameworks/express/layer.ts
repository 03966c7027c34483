import type { ServerResponse } from 'node:http';
import { UnexpectedInternals } from '../../adapter-failure.ts';
import { isObject } from '../../own-property.ts';

/** What is read of Express's own objects. The router of Express 5 is the package `router`, which is also used alone. */

/** @see https://github.com/pillarjs/router/blob/master/index.js */
export interface Router {
  readonly stack: readonly Layer[];
  /** The callbacks of `router.param`, by the name of the parameter. */
  readonly params?: object;
  readonly caseSensitive?: boolean | undefined;
}

/** @see https://github.com/pillarjs/router/blob/master/lib/route.js */
export interface Route {
  readonly path: Path;
  /** The handlers. Their layers have the same class as the router's layers. */
  readonly stack: readonly Layer[];
  /** The methods that it has handlers for, in lower case; `_all` where one handles every method. */
  readonly methods?: Readonly<Record<string, unknown>>;
}

/** One entry of a router: a route, or what was mounted with `use`. Also one handler inside a route. */
export interface Layer {
  readonly constructor: LayerClass;
  readonly handle: unknown;
  /** The name of `handle`. */
  readonly name?: string;
  /** Undefined on a mount, absent on a handler inside a route. */
  readonly route?: Route | undefined;
  /** Up to router 2.2 this also writes `layer.path`, which all requests share. */
  match(path: string): boolean | { readonly path: string };
  /** What `match` matched, up to router 2.2. */
  readonly path?: string;
  /** Express 4: the compiled path. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  /** Express 4: the parameters of `regexp`; the name is a number for a group without a name. */
  readonly keys?: readonly { readonly name: string | number }[];
  /** `router` 2: one function for each path of the layer. */
  readonly matchers?: readonly Matcher[];
  /** `router` from 2.3: the path as the app gave it. */
  readonly rawPath?: Path;
  /** `router` 2: mounted at `/`. */
  readonly slash?: boolean;
}

export type Path = string | RegExp | readonly Path[];
export const pathsIn = (path: Path | undefined) => ([path] as unknown[]).flat(Infinity) as (string | RegExp)[];
export type Matcher = (path: string) => Match | false;
export interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, string | readonly string[]>>;
}
type LayerClass = new (path: Path, options: object, handle: () => void) => Layer;

export type Next = (error?: unknown) => void;

/** A request with what Express and the hook add to it. */
export interface ExpressRequest {
  readonly method?: string;
  readonly url: string;
  /** What the mounts have taken of the path, unless code other than Express writes something else to it. */
  readonly baseUrl?: string;
  /** The last route that the request reached, even if that route passed it on. */
  readonly route?: Route;
  /** The `next` of the current router. The last router removes it when it passes the request on. */
  readonly next?: Next | undefined;
  readonly res?: ServerResponse;
  readonly app?: unknown;
}

/**
 * What a layer adds to the route template. Empty for `/`, so that templates can be concatenated.
 *
 * Where it depends on the request it is a function: `own` is what a mount takes of the path (empty for a route),
 * and `request.url` is the rest, read only when it is needed. The function returns undefined when the text is unknown.
 */
export type Template = OwnTemplate | ((own: string, request: Pick<ExpressRequest, 'url'>) => OwnTemplate | undefined);

/** The path that a layer was given. A regular expression is written in another way below a mount. */
export type OwnTemplate = string | RegExp;

/** One of the paths that a layer was given. */
export interface PathAlternative {
  readonly template: OwnTemplate;
  matches(path: string): unknown;
}

/** The path that a router offered to a layer. The URL may be in absolute form (`http://host/a?b`). */
export function offeredPath(own: string, { url }: Pick<ExpressRequest, 'url'>): string {
  const origin = url.charCodeAt(0) === 47 ? url : url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?]*/i, '');
  const end = origin.indexOf('?');
  const rest = end < 0 ? origin : origin.slice(0, end);
  // Express writes a slash where nothing is left of the path. That slash was not offered.
  return own !== '' && rest === '/' ? own : own + rest;
}

/** A router is a function with an array of layers. Nothing else that can be mounted looks like that. */
export function routerIn(handle: unknown): Router | undefined {
  if (!isObject(handle)) return undefined;
  const stack = Object.getOwnPropertyDescriptor(handle, 'stack');
  const isForwarded = stack?.get !== undefined && FORWARDS.test(Function.prototype.toString.call(stack.get));
  return Array.isArray(isForwarded ? stack.get?.call(handle) : stack?.value) ? (handle as Router) : undefined;
}

/**
 * OpenTelemetry mounts a function in place of the router, whose properties return those of the router. This is the text of
 * such a getter, so that no code of the app is called.
 */
const FORWARDS = /^get\s*\(\)\s*\{\s*return [\w$]+\[[\w$]+\];?\s*\}$/;

/**
 * The router of an app; a router is returned as it is.
 * @returns undefined when this is not an app, or when the app has no router yet
 * @throws when this is an app of Express and its router is not where it should be
 */
export function routerOf(app: unknown): Router | undefined {
  const router = routerIn(app);
  if (router !== undefined || !isObject(app) || !Object.hasOwn(app, 'mountpath')) return router;
  const isExpress4 = Object.hasOwn(app, 'lazyrouter');
  const property = Object.getOwnPropertyDescriptor(app, isExpress4 ? '_router' : 'router');
  if (isExpress4) return routerIn(property?.value);
  if (property === undefined) throw new UnexpectedInternals('its app has no property `router`');
  const found = property.get === undefined ? property.value : existingRouter(property.get);
  if (found !== undefined && routerIn(found) === undefined) throw new UnexpectedInternals('`app.router` has no layers');
  return found as Router | undefined;
}

/**
 * Express 5 creates the router of an app when `app.router` is first read, with the settings of that moment. So we must
 * not be the first reader: the getter is called on an object whose settings throw, which only returns an existing router.
 *
 * @see https://github.com/expressjs/express/blob/v5.1.0/lib/application.js
 */
function existingRouter(getter: () => unknown): unknown {
  try {
    return getter.call(NO_SETTINGS);
  } catch (cause) {
    if (cause === NO_ROUTER_YET) return undefined;
    throw cause;
  }
}

const NO_ROUTER_YET = new Error('the app has no router yet');
const NO_SETTINGS = {
  enabled(): never {
    throw NO_ROUTER_YET;
  },
};

/** Mounted at `/`: it adds nothing to the route, and Express does not match it against the path. */
export const isSlash = (layer: Layer): boolean => Boolean(layer.slash || layer.regexp?.fast_slash);
