import { log } from '../base/log.ts';
import type { AnyServer, RequestRecord } from '../requests/request-record.ts';
import { OTHER, UNMATCHED } from '../semconv.ts';
import type { PathsStatus } from '../status.ts';
import type { RouteAdapter } from './adapter.ts';
import { Recogniser, type ServerState, stateOf } from './recogniser.ts';
import { PathShapes } from './shape/path-shapes.ts';

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
  readonly #recogniser: Recogniser;
  readonly #templates: PathShapes;
  readonly #ignored: ReadonlySet<string>;
  readonly #maxPaths: number;
  readonly #paths = new Set<string>();
  #full = false;

  constructor({ adapters, routes, ignorePaths, maxPaths }: ResolverOptions) {
    this.#recogniser = new Recogniser(adapters);
    this.#templates = new PathShapes(routes);
    this.#ignored = ignorePaths;
    this.#maxPaths = maxPaths;
  }

  serverListens(server: AnyServer): void {
    this.#recogniser.serverListens(server);
  }

  requestArrives(server: AnyServer): void {
    this.#recogniser.requestArrives(server);
  }

  get paths(): PathsStatus {
    return { distinct: this.#paths.size, max: this.#maxPaths, capped: this.#warned };
  }

  /** @returns a route template, `unmatched` or `other` */
  resolve(request: RequestRecord): string {
    const state = stateOf(request.server);
    const path = this.#pathOf(request, state);
    state.ended++;
    if (path === UNMATCHED) state.unmatched++;
    return path;
  }

  #pathOf({ key: carrier, method, status, url }: RequestRecord, state: ServerState): string {
    const route = this.#recogniser.routeOf(carrier, status, state);
    if (route !== undefined) {
      if (status === 404 && endsInWildcard(route)) return UNMATCHED;
      state.routed++;
      return this.#capped(route);
    }
    if (state.adapters.length > 0 && (status === 404 || status === 405)) return UNMATCHED;
    // A preflight is answered for any path, whether there is something or not.
    const exists = (status < 400 || status >= 500) && method !== 'OPTIONS';
    const template = this.#templates.templateFor(url, exists && !this.#full);
    if (template !== undefined) return this.#capped(template);
    return exists && this.#full ? this.#capped(undefined) : UNMATCHED;
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
    log.warn(
      `${this.#maxPaths} distinct paths reached (APM_MAX_PATHS); further ones are counted as path="${OTHER}"`,
      'state',
    );
  }
}

/** `/*`, `*`, `/*splat`, `{*splat}`, `/**:all`, `/files/(.*)`: a route that answers whatever no other did. */
function endsInWildcard(route: string): boolean {
  return /(\*:?\w*\}?|\(\.\*\)|\.\*\$?\/)$/.test(route);
}
