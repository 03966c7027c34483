import { requestPath } from '../base/request-path.ts';
import { KNOWN_METHODS } from '../semconv.ts';
import { MAX_PATH_CHARS, PathCache } from './path-cache.ts';
import { compileTemplate, type RouteKind, routeKind, segmentsOf } from './template.ts';

/**
 * A route that has answered a request of a server.
 * @property methods  of the requests that it has answered
 */
export interface ServedRoute<T> {
  readonly value: T;
  readonly kind: RouteKind;
  readonly methods: Set<string>;
}

interface Candidate {
  readonly template: string;
  readonly regexp: RegExp;
  readonly specificity: string;
}

/** Clients of HTTP/2 may invent methods without end, and a route for all methods answers them. */
const LEARNED_METHODS: ReadonlySet<string> = new Set(KNOWN_METHODS);

/**
 * The routes of one server, learned from its requests: what a framework has told once is also known for a request that
 * middleware answers before the framework looks for the route.
 */
export class ServedRoutes<T> {
  readonly #byTemplate = new Map<string, ServedRoute<T>>();
  /** By method and number of segments. */
  readonly #candidates = new Map<string, Candidate[]>();
  readonly #matches = new PathCache<string>();

  get(template: string): ServedRoute<T> | undefined {
    return this.#byTemplate.get(template);
  }

  add(template: string, method: string, value: T): ServedRoute<T> {
    const known = this.#byTemplate.get(template);
    const route = known ?? { value, kind: routeKind(template), methods: new Set() };
    if (known === undefined) this.#byTemplate.set(template, route);
    if (!LEARNED_METHODS.has(method)) return route;
    route.methods.add(method);
    const pattern = route.kind === 'exact' || route.kind === 'open' ? compileTemplate(template) : undefined;
    if (pattern === undefined) return route;
    const { regexp, segments, specificity } = pattern;
    const key = candidateKey(method, segments);
    const candidates = [...(this.#candidates.get(key) ?? []), { template, regexp, specificity }];
    this.#candidates.set(key, candidates.sort(byAuthority));
    this.#matches.clear();
    return route;
  }

  /**
   * The template of the route that a request would have reached.
   * @param url   the request target
   * @param search  asks the frameworks, whose tables may have routes that have not answered yet. `HEAD` is asked as `GET`
   */
  match(method: string, url: string, search: (method: string, path: string) => string | undefined): string | undefined {
    const path = requestPath(url);
    if (path.length > MAX_PATH_CHARS) return undefined;
    const asked = method === 'HEAD' ? 'GET' : method;
    return this.#matches.find(`${asked} ${path}`, url, () => search(asked, path) ?? this.#learned(asked, path));
  }

  #learned(method: string, path: string): string | undefined {
    const candidates = this.#candidates.get(candidateKey(method, segmentsOf(path).length));
    return candidates?.find(({ regexp }) => regexp.test(path))?.template;
  }
}

const candidateKey = (method: string, segments: number): string => `${method === 'HEAD' ? 'GET' : method} ${segments}`;

/** As routers do: text wins over a parameter, from the first segment on. */
const byAuthority = (a: Candidate, b: Candidate): number =>
  a.specificity < b.specificity ? -1 : a.specificity > b.specificity ? 1 : 0;
