import { log } from '../base/log.ts';
import { requestPath } from '../base/request-path.ts';
import type { AnyServer, CallOutcome, RequestKey, RequestRecord } from '../requests/request-record.ts';
import { OTHER, UNMATCHED } from '../semconv.ts';
import type { PathsStatus } from '../status.ts';
import type { RouteAdapter } from './adapter.ts';
import { reportAdapterFailure } from './adapter-failure.ts';
import { CappedPaths, type ResolvedPath } from './capped-paths.ts';
import { DeclaredRoutes } from './declared-routes.ts';
import { isNotFound } from './early-answer.ts';
import { Recogniser } from './recogniser.ts';
import type { ServedRoute } from './served-routes.ts';
import { stateOf } from './servers.ts';
import { PathShapes } from './shape/path-shapes.ts';
import { type RouteKind, routeKind } from './template.ts';

export interface ResolverOptions {
  readonly adapters: readonly RouteAdapter[];
  /** `APM_ROUTES` */
  readonly routes: readonly string[];
  /** Whether requests with this path are not measured. Up to `maxPaths` such paths do not count towards the cap. */
  readonly isIgnored: ((path: string, method: string) => boolean) | undefined;
  /** `APM_MAX_PATHS`: the limit for routes, and separately for guessed paths. */
  readonly maxPaths: number;
}

/** The most paths that are distinguished among the answers of catch-all routes. */
const MAX_PAGES = 50;
/** Once there are that many, the status names parents that have more than this number of them. */
const MAX_CHILD_PAGES = 20;
/** Parents with many guessed children that the status names. */
const MAX_CROWDED = 10;

/** The status of a gRPC call to a method that the server does not have. */
const UNIMPLEMENTED = 501;
/** What a gRPC call has in its URL; a prefix is possible. */
const CALLED_METHOD = /^(\/[\w.-]+)+\/\w+$/;
/** The path of a file: static files are served before the routes are asked. */
const FILE = /\.\w{1,8}$/;

type Reached = Pick<ServedRoute<ResolvedPath>, 'kind' | 'value'>;

const NO_ROUTE: ResolvedPath = { path: UNMATCHED, routed: false };
const CAPPED_ROUTE: ResolvedPath = { path: OTHER, routed: true };
const CAPPED_SHAPE: ResolvedPath = { path: OTHER, routed: false };

/**
 * The value of the `path` label for each request. Order of authority: a framework's exact route; `APM_ROUTES`; a
 * framework's wildcard, mount or trailing parameter; known routes that match; the shape of the path. What answers before a
 * route has the authority of that route.
 */
export class RouteResolver {
  readonly #recogniser: Recogniser;
  /** The adapter that knows calls of remote procedures. */
  readonly #caller: RouteAdapter | undefined;
  readonly #declared: DeclaredRoutes;
  readonly #shapes = new PathShapes();
  readonly #pageShapes = new PathShapes();
  readonly #isIgnored: ResolverOptions['isIgnored'];
  readonly #ignored = new Set<string>();
  readonly #maxPaths: number;
  readonly #routes: CappedPaths;
  readonly #guesses: CappedPaths;
  readonly #pages = new CappedPaths({ max: MAX_PAGES, routed: false });
  readonly #warned = new Set<CappedPaths>();

  constructor({ adapters, routes, isIgnored, maxPaths }: ResolverOptions) {
    this.#recogniser = new Recogniser(adapters);
    this.#caller = adapters.find(({ calls }) => calls !== undefined);
    this.#declared = new DeclaredRoutes(routes);
    this.#isIgnored = isIgnored;
    this.#maxPaths = maxPaths;
    this.#routes = new CappedPaths({ max: maxPaths, routed: true });
    this.#guesses = new CappedPaths({ max: maxPaths, routed: false });
  }

  serverListens(server: AnyServer): void {
    this.#recogniser.serverListens(server);
  }

  /**
   * @param key without it, only the server is searched for a framework
   * @returns whether it is the server's first request
   */
  requestArrives(server: AnyServer, key?: RequestKey): boolean {
    return this.#recogniser.requestArrives(server, key);
  }

  get paths(): PathsStatus {
    const guessed = [...this.#guesses.paths, ...this.#pages.paths].filter((path) => !this.#routes.get(path));
    const count = new Set(guessed).size;
    const crowdedPages = this.#pages.isFull ? this.#pageShapes.crowded(MAX_CHILD_PAGES) : [];
    return {
      distinct: this.#routes.size + count,
      guessed: count,
      crowded: [...this.#shapes.crowded(), ...crowdedPages].slice(0, MAX_CROWDED),
      max: this.#maxPaths,
      capped: this.#warned.size > 0,
    };
  }

  /** Called once for each request that has ended. */
  resolve(request: RequestRecord): ResolvedPath {
    const { key, method, status, server, url, call } = request;
    if (call !== undefined) return this.#resolveCall(url, method, call);
    const route = this.#recogniser.routeOf(key, status, server);
    if (route === undefined) return this.#resolveWithoutRoute(request);
    const served = stateOf(server).served.get(route);
    if (served === undefined) return this.#resolveFirst(route, request);
    if (!served.methods.has(method)) stateOf(server).served.add(route, method, served.value);
    const { kind, value } = served;
    if (kind === 'exact') return value;
    if (kind === 'open' && this.#declared.isEmpty) return this.#called(request, route) ?? value;
    return this.#insteadOf(kind, route, request) ?? value;
  }

  /** The first request of a route on a server. */
  #resolveFirst(route: string, request: RequestRecord): ResolvedPath {
    const { method, server } = request;
    const kind = routeKind(route);
    const better = kind === 'exact' ? undefined : this.#insteadOf(kind, route, request);
    if (better !== undefined) return better;
    const value = this.#add(this.#routes, route, method);
    // Paths that are ignored or beyond the cap may be any number, so they are not kept.
    if (this.#routes.get(route) === value) stateOf(server).served.add(route, method, value);
    return value;
  }

  /** What says more than a route that takes many paths. */
  #insteadOf(kind: RouteKind, route: string, request: RequestRecord): ResolvedPath | undefined {
    const { method, status, url } = request;
    // A handler for many paths that does not answer with content stands before the routes: it checks tokens, or redirects.
    const reached = status >= 300 && kind !== 'open' ? this.#reached(request) : undefined;
    if (reached?.kind === 'exact') return reached.value;
    const declared = this.#declared.match(url);
    if (declared !== undefined) return this.#add(this.#routes, declared, method);
    if (reached?.kind === 'open') return reached.value;
    const called = this.#called(request, route);
    if (called !== undefined) return called;
    if (kind === 'open') return undefined;
    if (status === 404) return NO_ROUTE;
    if (kind !== 'catch-all') return undefined;
    const page = this.#pageShapes.templateFor(url, status < 300 && method !== 'OPTIONS' && !this.#pages.isFull);
    return page === undefined ? undefined : this.#pages.add(page);
  }

  #resolveWithoutRoute(request: RequestRecord): ResolvedPath {
    const { key, method, status, server, url } = request;
    const isRouted = stateOf(server).adapters.length > 0;
    const mount = isRouted ? this.#recogniser.mountOf(key, status, server) : undefined;
    const reached = isRouted ? this.#reached(request, mount) : undefined;
    if (reached?.kind === 'exact') return reached.value;
    const declared = this.#declared.match(url);
    if (declared !== undefined) return this.#add(this.#routes, declared, method);
    if (reached !== undefined) return reached.value;
    const called = this.#called(request, mount);
    if (called !== undefined) return called;
    if (mount !== undefined) return this.#add(this.#routes, mount, method);
    if (isRouted && isNotFound(status)) return NO_ROUTE;
    return this.#guess(request, isRouted);
  }

  /** The procedure that a request called, below a route or mount that takes all calls. */
  #called({ url, method, status }: RequestRecord, outer: string | undefined): ResolvedPath | undefined {
    const { name, calls } = this.#caller ?? {};
    if (!calls?.isSought()) return undefined;
    try {
      const route = calls.routeOf(url, status, outer);
      return route === undefined ? undefined : this.#add(this.#routes, route, method);
    } catch (cause) {
      reportAdapterFailure(name as string, cause);
      return undefined;
    }
  }

  /**
   * The route that a request would have reached, if something before the routes had not answered.
   * @param mount  whose middleware answered: it may stand before routes below it, and before no others
   */
  #reached(request: RequestRecord, mount?: string): Reached | undefined {
    const { key, method, status, server, url } = request;
    if (isNotFound(status)) return undefined;
    const found = stateOf(server).served.match(method, url, (asked, path) => {
      const route = this.#recogniser.matchRoute({ key, method: asked, path }, server);
      return route === undefined || routeKind(route) === 'catch-all' ? undefined : route;
    });
    if (found === undefined || (mount !== undefined && !mayBeBelow(found, mount))) return undefined;
    const kind = routeKind(found);
    if (status < 400 && kind !== 'exact' && FILE.test(requestPath(url))) return undefined;
    return { kind, value: this.#add(this.#routes, found, method) };
  }

  #guess({ method, status, url }: RequestRecord, areRoutesKnown: boolean): ResolvedPath {
    // Scanners are redirected to a login, and errors are answered for any path: where routes are known, only content shows
    // that a path exists. A preflight is answered for any path, too.
    const showsPath = areRoutesKnown ? status < 300 : status < 400 || status >= 500;
    const exists = showsPath && method !== 'OPTIONS';
    const shape = this.#shapes.templateFor(url, exists && !this.#guesses.isFull);
    if (shape !== undefined) return this.#guesses.get(shape) ?? this.#add(this.#guesses, shape, method);
    return exists && this.#guesses.isFull ? this.#capped(this.#guesses) : NO_ROUTE;
  }

  /**
   * A gRPC call has its method in the URL: `/package.Service/Method`. Any client can invent one, so a call only adds a path
   * when its answer shows that the method exists.
   */
  #resolveCall(url: string, method: string, { status, showsMethod }: CallOutcome): ResolvedPath {
    if (status === UNIMPLEMENTED) return NO_ROUTE;
    const known = this.#routes.get(url);
    if (known !== undefined) return known;
    return showsMethod && CALLED_METHOD.test(url) ? this.#add(this.#routes, url, method) : NO_ROUTE;
  }

  #add(paths: CappedPaths, path: string, method: string): ResolvedPath {
    const known = paths.get(path);
    if (known !== undefined) return known;
    // Not kept, because a request with another method may be measured.
    if (this.#isIgnored?.(path, method) && this.#hasRoomForIgnored(path))
      return { path, routed: paths === this.#routes };
    return paths.add(path) ?? this.#capped(paths);
  }

  /** A pattern may match any number of paths, each of which takes memory. */
  #hasRoomForIgnored(path: string): boolean {
    if (this.#ignored.has(path)) return true;
    if (this.#ignored.size >= this.#maxPaths) return false;
    this.#ignored.add(path);
    return true;
  }

  #capped(paths: CappedPaths): ResolvedPath {
    const routed = paths === this.#routes;
    if (!this.#warned.has(paths)) {
      this.#warned.add(paths);
      const reached = `${this.#maxPaths} distinct ${routed ? 'routes' : 'guessed paths'} reached (APM_MAX_PATHS)`;
      const advice = routed ? '' : '. Name their routes with APM_ROUTES';
      log.warn(`${reached}; further ones are counted as path="${OTHER}"${advice}`, 'state');
    }
    return routed ? CAPPED_ROUTE : CAPPED_SHAPE;
  }
}

/** Whether a route may be below a mount. A mount with parameters may be written in another way there. */
function mayBeBelow(route: string, mount: string): boolean {
  return mount === '/' || route === mount || route.startsWith(`${mount}/`) || /[:*{(]/.test(mount);
}
