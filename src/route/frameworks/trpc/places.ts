import { requestPath } from '../../../base/request-path.ts';
import { ownValue } from '../../own-property.ts';
import { routeKind } from '../../template.ts';

/**
 * What the options of a call in progress tell about its request.
 * @property called    the procedures at the end of its path; undefined where the options do not have them
 * @property endpoint  the path before them, without its last slash, as the app has given it
 * @property seenAt    in milliseconds
 */
interface SeenCall {
  readonly called: string | undefined;
  readonly endpoint: string | undefined;
  readonly seenAt: number;
}

/** Templates of routes and paths of mounts, together. A process has few, and clients choose the paths of some. */
const MAX_PLACES = 20;
const MAX_SEEN = 20;
/** A call that takes longer shows no place. */
const MAX_CALL_MS = 5000;

/**
 * Where the routers of tRPC are: behind a route of a framework, or below a path. Only a request in which a router was seen
 * shows that, because a client may put the name of a procedure behind any other path.
 */
export class Places {
  #seen: SeenCall[] = [];
  readonly #places = new Set<string>();

  /** @param options  that tRPC's own code has asked during a call */
  see(options: object): void {
    const called = text(ownValue(options, 'path'));
    const endpoint = text(ownValue(options, 'endpoint'));
    if (called === undefined && endpoint === undefined) return;
    if (this.#seen.length >= MAX_SEEN) this.#seen.shift();
    this.#seen.push({ called, endpoint: endpoint?.replace(/\/$/, ''), seenAt: performance.now() });
  }

  /** Called when a request has ended: it may be one that was seen. */
  learn(url: string, outer: string | undefined): void {
    if (this.#seen.length === 0) return;
    const path = requestPath(url);
    const now = performance.now();
    this.#seen = this.#seen.filter((seen) => {
      const mount = mountIn(path, seen);
      if (mount !== undefined && this.#places.size < MAX_PLACES) this.#places.add(placeOf(mount, outer));
      return mount === undefined && now - seen.seenAt < MAX_CALL_MS;
    });
  }

  /**
   * The path or template before a procedure.
   * @param before  the path before it
   * @returns undefined where no router was seen
   */
  mountOf(before: string, outer: string | undefined): string | undefined {
    const place = placeOf(before, outer);
    return this.#places.has(place) ? withoutRest(place) : undefined;
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function mountIn(path: string, { called, endpoint }: SeenCall): string | undefined {
  if (called === undefined) return path.startsWith(`${endpoint}/`) ? endpoint : undefined;
  const end = [`/${called}`, `/${called.replaceAll(',', '%2C')}`].find((each) => path.endsWith(each));
  return end === undefined ? undefined : path.slice(0, -end.length);
}

/** A route for all paths does not tell where the router is. */
const placeOf = (mount: string, outer: string | undefined): string =>
  outer === undefined || routeKind(outer) === 'catch-all' ? mount : outer;

/** The mount in the template of a route for all procedures: `/trpc` of `/trpc`, `/trpc/:path` and `/trpc/*`. */
const withoutRest = (route: string): string =>
  (routeKind(route) === 'exact' ? route : route.slice(0, route.lastIndexOf('/'))).replace(/\/$/, '');
