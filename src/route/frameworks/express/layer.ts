import type { ServerResponse } from 'node:http';

/** What is read of Express's own objects. Express 5 is the package `router` inside, which is also used bare. */

/** @see https://github.com/pillarjs/router/blob/master/index.js */
export interface Router {
  readonly stack: readonly Layer[];
  /** The callbacks of `router.param`, by the name of the parameter. */
  readonly params?: object;
}

/** @see https://github.com/pillarjs/router/blob/master/lib/route.js */
export interface Route {
  readonly path: Path;
  /** The handlers, in layers of the same class that the router's own are of. */
  readonly stack: readonly Layer[];
}

/** One entry of a router: a route, or what was mounted with `use`. Also one handler inside a route. */
export interface Layer {
  readonly constructor: LayerClass;
  readonly handle: unknown;
  /** Undefined on a mount, absent on a handler inside a route. */
  readonly route?: Route | undefined;
  /** Reads and, up to router 2.2, sets what the layer shares between requests. */
  match(path: string): boolean | { readonly path: string };
  /** What `match` matched, up to router 2.2. */
  readonly path?: string;
  /** Express 4: what its path was compiled to. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  /** Express 4: the parameters of `regexp`; the name is a number for a group without one. */
  readonly keys?: readonly { readonly name: string | number }[];
  /** `router` 2: one for each path it was given. */
  readonly matchers?: readonly Matcher[];
  /** `router` from 2.3: the path as it was given, arrays flattened. */
  readonly rawPath?: Path;
  /** `router` 2: mounted at `/`. */
  readonly slash?: boolean;
}

export type Path = string | RegExp | readonly Path[];
export type Matcher = (path: string) => Match | false;
export interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, string | readonly string[]>>;
}
type LayerClass = new (path: Path, options: object, handle: () => void) => Layer;

export type Next = (error?: unknown) => void;

/** A request as Express and the hook leave it. */
export interface ExpressRequest {
  readonly method?: string;
  readonly url: string;
  readonly baseUrl?: string;
  /** The route reached last, even if it has passed the request on. */
  readonly route?: Route;
  /** The `next` of the router that has the request; taken away by the last one that passes it on. */
  readonly next?: Next | undefined;
  readonly res?: ServerResponse;
  readonly app?: unknown;
}
