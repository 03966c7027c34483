import { log } from '../config/log.ts';
import type { AnyServer, Carrier, RequestRecord } from '../requests/record.ts';
import { OTHER, UNMATCHED } from '../semconv.ts';
import type { RouteAdapter } from './adapter.ts';
import { PathTemplates } from './template.ts';

const KNOWN: unique symbol = Symbol('@org/apm server');

/** What is known of a server: the frameworks found behind its listeners, and how many requests it has had. */
interface ServerState {
  readonly adapters: RouteAdapter[];
  arrivals: number;
}
type Server = AnyServer & { [KNOWN]?: ServerState; listeners?(event: string): unknown[] };

export interface ResolverOptions {
  readonly adapters: readonly RouteAdapter[];
  /** `APM_ROUTES` */
  readonly routes: readonly string[];
  /** `APM_IGNORE_PATHS`: these take no place among the distinct ones */
  readonly ignorePaths: ReadonlySet<string>;
  /** `APM_MAX_PATHS` */
  readonly maxPaths: number;
}

/**
 * The value of the `path` label for each request: the route a framework tells, else a template by the shape of the path,
 * and never more than a number of distinct ones.
 */
export class RouteResolver {
  readonly #adapters: readonly RouteAdapter[];
  readonly #templates: PathTemplates;
  readonly #ignored: ReadonlySet<string>;
  readonly #maxPaths: number;
  readonly #paths = new Set<string>();
  #full = false;

  constructor({ adapters, routes, ignorePaths, maxPaths }: ResolverOptions) {
    this.#adapters = adapters;
    this.#templates = new PathTemplates(routes);
    this.#ignored = ignorePaths;
    this.#maxPaths = maxPaths;
  }

  /** Looks for a framework behind a server's listeners, so that its first request is seen on its way. */
  serverListens(server: AnyServer): void {
    const state = stateOf(server);
    if (state.adapters.length === 0) this.#recognise(server, state);
  }

  /**
   * Looks again where no framework was found: apps may get their routes after they listen. Less and less often, so that
   * a server without a framework pays for it only in the beginning.
   */
  requestArrives(server: AnyServer): void {
    const state = stateOf(server);
    if (state.adapters.length > 0) return;
    const count = ++state.arrivals;
    if ((count & (count - 1)) === 0) this.#recognise(server, state);
  }

  /** @returns a route template, `unmatched` or `other` */
  pathOf(request: RequestRecord): string {
    const { status } = request;
    const state = stateOf(request.server);
    const route = this.#routeOf(request.carrier, state);
    if (route !== undefined) return status === 404 && endsInWildcard(route) ? UNMATCHED : this.#capped(route);
    if (state.adapters.length > 0 && (status === 404 || status === 405)) return UNMATCHED;
    const exists = status < 400 || status >= 500;
    const template = this.#templates.of(request.url, exists && !this.#full);
    if (template !== undefined) return this.#capped(template);
    return exists && this.#full ? this.#capped(undefined) : UNMATCHED;
  }

  #recognise(server: Server, state: ServerState): void {
    for (const listener of server.listeners?.('request') ?? []) this.#recogniseApp(listener, state);
  }

  #recogniseApp(app: unknown, state: ServerState): void {
    for (const adapter of this.#adapters) {
      if (state.adapters.includes(adapter)) continue;
      try {
        if (adapter.recognise(app)) state.adapters.push(adapter);
      } catch (cause) {
        debugOnce(cause);
      }
    }
  }

  /** What the framework says; where none is known yet, it may be one behind a listener that wraps it. */
  #routeOf(carrier: Carrier, state: ServerState): string | undefined {
    try {
      if (state.adapters.length === 0) this.#recogniseLate(carrier, state);
      for (const adapter of state.adapters) {
        const route = adapter.routeOf(carrier);
        if (route !== undefined) return route;
      }
    } catch (cause) {
      debugOnce(cause);
    }
    return undefined;
  }

  #recogniseLate(carrier: Carrier, state: ServerState): void {
    for (const adapter of this.#adapters) {
      const app = adapter.appOf?.(carrier);
      if (app !== undefined) this.#recogniseApp(app, state);
    }
  }

  #capped(path: string | undefined): string {
    if (path !== undefined) {
      if (this.#paths.has(path) || this.#ignored.has(path)) return path;
      if (this.#paths.size < this.#maxPaths) {
        this.#paths.add(path);
        this.#full = this.#paths.size >= this.#maxPaths;
        return path;
      }
    }
    this.#warnOnce();
    return OTHER;
  }

  #warned = false;
  #warnOnce(): void {
    if (this.#warned) return;
    this.#warned = true;
    log.warn(`${this.#maxPaths} distinct paths reached (APM_MAX_PATHS); further ones are counted as path="${OTHER}"`);
  }
}

function stateOf(server: Server): ServerState {
  const known = server[KNOWN];
  if (known !== undefined) return known;
  const state: ServerState = { adapters: [], arrivals: 0 };
  Object.defineProperty(server, KNOWN, { value: state });
  return state;
}

let surprised = false;

/** A framework whose internals are not what its adapter expected costs its routes, nothing else. */
function debugOnce(cause: unknown): void {
  if (!surprised) log.debug(`could not read a framework's route: ${cause instanceof Error ? cause.stack : cause}`);
  surprised = true;
}

/** `/*`, `*`, `/*splat`, `{*splat}`, `/files/(.*)`: a route that answers whatever no other did. */
function endsInWildcard(route: string): boolean {
  return /(\*\w*\}?|\(\.\*\)|\.\*\$?\/)$/.test(route);
}
