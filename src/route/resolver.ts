import { log } from '../base/log.ts';
import type { AnyServer, CallOutcome, RequestRecord } from '../requests/request-record.ts';
import { OTHER, UNMATCHED } from '../semconv.ts';
import type { PathsStatus } from '../status.ts';
import type { RouteAdapter } from './adapter.ts';
import { Recogniser } from './recogniser.ts';
import { stateOf } from './servers.ts';
import { PathShapes } from './shape/path-shapes.ts';

export interface ResolverOptions {
  readonly adapters: readonly RouteAdapter[];
  /** `APM_ROUTES` */
  readonly routes: readonly string[];
  /** Whether requests with this path are not measured. Up to `maxPaths` such paths do not count towards the cap. */
  readonly isIgnored: ((path: string, method: string) => boolean) | undefined;
  /** `APM_MAX_PATHS` */
  readonly maxPaths: number;
}

/**
 * A value of the `path` label. Requests share these objects, so that resolving allocates nothing.
 * @property path    a route template, `unmatched` or `other`
 * @property routed  whether a framework knew the route
 */
export interface ResolvedPath {
  readonly path: string;
  readonly routed: boolean;
}

/** The status of a gRPC call to a method that the server does not have. */
const UNIMPLEMENTED = 501;
/** What a gRPC call has in its URL; a prefix is possible. */
const CALLED_METHOD = /^(\/[\w.-]+)+\/\w+$/;

const NO_ROUTE: ResolvedPath = { path: UNMATCHED, routed: false };
const CAPPED_ROUTE: ResolvedPath = { path: OTHER, routed: true };
const CAPPED_SHAPE: ResolvedPath = { path: OTHER, routed: false };

/**
 * The value of the `path` label for each request: the route that a framework knows, else a template by the shape of the
 * path. The number of distinct values has a cap.
 */
export class RouteResolver {
  readonly #recogniser: Recogniser;
  readonly #shapes: PathShapes;
  readonly #isIgnored: ResolverOptions['isIgnored'];
  readonly #ignored = new Set<string>();
  readonly #maxPaths: number;
  readonly #fromFrameworks = new Map<string, ResolvedPath>();
  readonly #fromShapes = new Map<string, ResolvedPath>();
  #distinct = 0;
  #isFull = false;
  #hasWarned = false;

  constructor({ adapters, routes, isIgnored, maxPaths }: ResolverOptions) {
    this.#recogniser = new Recogniser(adapters);
    this.#shapes = new PathShapes(routes);
    this.#isIgnored = isIgnored;
    this.#maxPaths = maxPaths;
  }

  serverListens(server: AnyServer): void {
    this.#recogniser.serverListens(server);
  }

  /** @returns whether it is the server's first request */
  requestArrives(server: AnyServer): boolean {
    return this.#recogniser.requestArrives(server);
  }

  get paths(): PathsStatus {
    return { distinct: this.#distinct, max: this.#maxPaths, capped: this.#hasWarned };
  }

  /** Called once for each request that has ended. */
  resolve(request: RequestRecord): ResolvedPath {
    const { key, method, status, server, url, call } = request;
    if (call !== undefined) return this.#resolveCall(url, method, call);
    const route = this.#recogniser.routeOf(key, status, server);
    if (route !== undefined) {
      if (status === 404 && endsInWildcard(route)) return NO_ROUTE;
      return this.#fromFrameworks.get(route) ?? this.#add(route, method, true);
    }
    if ((status === 404 || status === 405) && stateOf(server).adapters.length > 0) return NO_ROUTE;
    // A preflight is answered for any path, whether it exists or not.
    const exists = (status < 400 || status >= 500) && method !== 'OPTIONS';
    const shape = this.#shapes.templateFor(url, exists && !this.#isFull);
    if (shape !== undefined) return this.#fromShapes.get(shape) ?? this.#add(shape, method, false);
    return exists && this.#isFull ? this.#capped(false) : NO_ROUTE;
  }

  /**
   * A gRPC call has its method in the URL: `/package.Service/Method`. Any client can invent one, so a call only adds a path
   * when its answer shows that the method exists.
   */
  #resolveCall(url: string, method: string, { status, showsMethod }: CallOutcome): ResolvedPath {
    if (status === UNIMPLEMENTED) return NO_ROUTE;
    const known = this.#fromFrameworks.get(url);
    if (known !== undefined) return known;
    return showsMethod && CALLED_METHOD.test(url) ? this.#add(url, method, true) : NO_ROUTE;
  }

  #add(path: string, method: string, routed: boolean): ResolvedPath {
    // Not kept, because a request with another method may be measured.
    if (this.#isIgnored?.(path, method) && this.#hasRoomForIgnored(path)) return { path, routed };
    const isDistinct = !(this.#fromFrameworks.has(path) || this.#fromShapes.has(path));
    if (isDistinct) {
      if (this.#isFull) return this.#capped(routed);
      this.#distinct++;
      this.#isFull = this.#distinct >= this.#maxPaths;
    }
    const resolved: ResolvedPath = { path, routed };
    (routed ? this.#fromFrameworks : this.#fromShapes).set(path, resolved);
    return resolved;
  }

  /** A pattern may match any number of paths, each of which takes memory. */
  #hasRoomForIgnored(path: string): boolean {
    if (this.#ignored.has(path)) return true;
    if (this.#ignored.size >= this.#maxPaths) return false;
    this.#ignored.add(path);
    return true;
  }

  #capped(routed: boolean): ResolvedPath {
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      log.warn(
        `${this.#maxPaths} distinct paths reached (APM_MAX_PATHS); further ones are counted as path="${OTHER}"`,
        'state',
      );
    }
    return routed ? CAPPED_ROUTE : CAPPED_SHAPE;
  }
}

/** `/*`, `*`, `/*splat`, `{*splat}`, `/**:all`, `/files/(.*)`: a route for every path that no other route has. */
function endsInWildcard(route: string): boolean {
  return /(\*:?\w*\}?|\(\.\*\)|\.\*\$?\/)$/.test(route);
}
