import type { AnyServer, RequestKey } from '../requests/request-record.ts';
import type { RouteAdapter } from './adapter.ts';
import { reportAdapterFailure } from './adapter-failure.ts';
import { setTraps } from './traps.ts';

const KNOWN: unique symbol = Symbol('@org/apm server');

/**
 * What is known of a server.
 * @property adapters   of the frameworks found behind its listeners
 * @property arrivals   requests that have arrived
 * @property ended      requests that have ended
 * @property routed     of these, those that a framework told the route of
 * @property unmatched  of these, those that no route answered
 */
export interface ServerState {
  readonly adapters: RouteAdapter[];
  arrivals: number;
  ended: number;
  routed: number;
  unmatched: number;
}
type Server = AnyServer & { [KNOWN]?: ServerState; listeners?(event: string): unknown[] };

/** Requests of a server for which traps may be set, and those whose end is looked at for a framework, at the most. */
const TRAPPED = 2;
const LOOKED_AT = 1024;

/** Finds out which frameworks are behind a server, earlier or later, and asks them for routes. */
export class Recogniser {
  readonly #adapters: readonly RouteAdapter[];

  constructor(adapters: readonly RouteAdapter[]) {
    this.#adapters = adapters;
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
    const count = ++state.arrivals;
    if (state.adapters.length > 0 || (count & (count - 1)) !== 0) return;
    this.#recognise(server, state);
    if (state.adapters.length > 0 || count > TRAPPED) return;
    const traps = this.#trapsFor(server);
    if (traps.size === 0) return;
    setTraps(traps.keys(), (name, caught) => {
      const adapter = traps.get(name) as RouteAdapter;
      return this.#found(adapter, state, () => adapter.recognise?.(caught));
    });
  }

  /** None where no listener is known to be a framework's: what runs then is the app's own code, which could see them. */
  #trapsFor(server: Server): Map<string, RouteAdapter> {
    const traps = new Map<string, RouteAdapter>();
    for (const listener of server.listeners?.('request') ?? []) {
      const text = Function.prototype.toString.call(listener);
      for (const adapter of this.#adapters) for (const name of adapter.trapsFor?.(text) ?? []) traps.set(name, adapter);
    }
    return traps;
  }

  /**
   * What the frameworks behind the request's server say. One that answers for all that is below some path may only have
   * handed the request to another framework, which knows better.
   */
  routeOf(carrier: RequestKey, status: number, state: ServerState): string | undefined {
    const route = this.#ask(carrier, status, state);
    if (route !== undefined && !route.includes('*')) return route;
    const { arrivals } = state;
    const isDue = arrivals < LOOKED_AT || (arrivals & (arrivals - 1)) === 0;
    if (!isDue || !this.#recogniseLate(carrier, state)) return route;
    return this.#ask(carrier, status, state) ?? route;
  }

  #ask(carrier: RequestKey, status: number, { adapters }: ServerState): string | undefined {
    let wide: string | undefined;
    for (const adapter of adapters) {
      try {
        const route = adapter.routeOf(carrier, status);
        if (route !== undefined && !route.includes('*')) return route;
        wide ??= route;
      } catch (cause) {
        reportAdapterFailure(adapter.name, cause);
      }
    }
    return wide;
  }

  #recognise(server: Server, state: ServerState): void {
    for (const candidate of [server, ...(server.listeners?.('request') ?? [])]) {
      for (const adapter of this.#adapters) this.#found(adapter, state, () => adapter.recognise?.(candidate));
    }
  }

  #recogniseLate(carrier: RequestKey, state: ServerState): boolean {
    const before = state.adapters.length;
    for (const adapter of this.#adapters) {
      this.#found(adapter, state, () => adapter.recogniseRequest?.(carrier));
    }
    return state.adapters.length > before;
  }

  #found(adapter: RouteAdapter, state: ServerState, recognise: () => boolean | undefined): boolean {
    if (state.adapters.includes(adapter)) return false;
    try {
      if (recognise() !== true) return false;
      state.adapters.push(adapter);
      return true;
    } catch (cause) {
      reportAdapterFailure(adapter.name, cause);
      return false;
    }
  }
}

/** Every server that a request came in on or that listened, as long as the app keeps it. */
const servers = new Set<WeakRef<Server>>();
const gone = new FinalizationRegistry((server: WeakRef<Server>) => servers.delete(server));

/** The servers known of, with their states, in the order they were first seen. */
export function* knownServers(): Generator<[AnyServer, ServerState]> {
  for (const known of servers) {
    const server = known.deref();
    if (server !== undefined) yield [server, stateOf(server)];
  }
}

export function stateOf(server: Server): ServerState {
  const known = server[KNOWN];
  if (known !== undefined) return known;
  const state: ServerState = { adapters: [], arrivals: 0, ended: 0, routed: 0, unmatched: 0 };
  Object.defineProperty(server, KNOWN, { value: state });
  const reference = new WeakRef(server);
  servers.add(reference);
  gone.register(server, reference);
  return state;
}
