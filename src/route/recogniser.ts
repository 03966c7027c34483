import { requestPath } from '../base/request-path.ts';
import { type AnyServer, type RequestKey, recordOf } from '../requests/request-record.ts';
import type { RouteAdapter, SoughtRequest } from './adapter.ts';
import { reportAdapterFailure, UnexpectedInternals } from './adapter-failure.ts';
import { stopWatchingReads, watchReads } from './request-reads.ts';
import { handledRequestOf } from './request-slot.ts';
import { isListening, type ServerState, stateOf } from './servers.ts';
import { routeKind } from './template.ts';
import { setTraps } from './traps.ts';

type Server = AnyServer & { listeners?(event: string): unknown[] };

/** Traps are set for this many requests of a server. */
const MAX_TRAPPED_REQUESTS = 2;
/**
 * This many requests of a server, each with another path, are watched for what reads them. A watched request has a shape of
 * its own in memory, and with more of these V8 reads all later requests in a slower way.
 */
const MAX_WATCHED_PATHS = 2;
/** Apps answer these themselves, before a framework behind their listener gets a request. */
const PROBE = /\/(_?health|ready|live)\w*\/?$|\/(ping|status|favicon\.ico)$/i;
/** After this many requests, only some of those that end are examined for a framework. */
const MAX_EXAMINED_REQUESTS = 1024;

/** Finds out which frameworks are behind a server, and asks them for the routes of its requests. */
export class Recogniser {
  readonly #adapters: readonly RouteAdapter[];

  constructor(adapters: readonly RouteAdapter[]) {
    this.#adapters = adapters;
  }

  /** Searches a server's listeners for a framework, so that its first request is already seen. */
  serverListens(server: AnyServer): void {
    const state = stateOf(server);
    if (state.adapters.length === 0) this.#recognise(server, state);
  }

  /**
   * Searches again while no framework was found, because apps may add routes after they listen. The search becomes rarer
   * with each request, so that a server without a framework pays only for its first ones.
   * @returns whether it is the server's first request
   */
  requestArrives(server: AnyServer, key?: RequestKey): boolean {
    const state = stateOf(server);
    const count = ++state.arrivals;
    if (count === 1 && !isListening(server)) state.isFed = true;
    if (state.adapters.length > 0) return count === 1;
    if ((count & (count - 1)) === 0) this.#recognise(server, state);
    const mayWatch = state.watched.size < MAX_WATCHED_PATHS && count <= MAX_EXAMINED_REQUESTS;
    if (state.adapters.length === 0 && mayWatch) this.#findInner(server, state, key);
    return count === 1;
  }

  /**
   * What the frameworks behind the request's server say. A framework that answers for all paths below some path may only
   * have passed the request to another framework, which has the better route.
   */
  routeOf(key: RequestKey, status: number, server: AnyServer): string | undefined {
    const state = stateOf(server);
    const request = handledRequestOf(key);
    const route = ask(state, request, status, server);
    if (route !== undefined && !route.includes('*')) return route;
    const { arrivals } = state;
    const isDue = arrivals < MAX_EXAMINED_REQUESTS || (arrivals & (arrivals - 1)) === 0;
    if (!isDue || !this.#recogniseLate(request, state)) return route;
    return ask(state, request, status, server) ?? route;
  }

  /** The mount whose middleware answered a request. */
  mountOf(key: RequestKey, status: number, server: AnyServer): string | undefined {
    const request = handledRequestOf(key);
    return firstAnswer(server, (adapter) => adapter.mountOf?.(request, status, server));
  }

  /** The route that a request reaches, by the tables of the frameworks behind its server. */
  matchRoute(sought: SoughtRequest, server: AnyServer): string | undefined {
    const request = { ...sought, key: handledRequestOf(sought.key) };
    return firstAnswer(server, (adapter) => adapter.matchRoute?.(request, server));
  }

  #recognise(server: Server, state: ServerState): void {
    for (const candidate of [server, ...listenersOf(server)]) {
      for (const adapter of this.#adapters) found(adapter, state, () => adapter.recognise?.(candidate, server));
    }
  }

  #recogniseLate(request: RequestKey, state: ServerState): boolean {
    stopWatchingReads(request);
    const before = state.adapters.length;
    for (const adapter of this.#adapters) {
      found(adapter, state, () => adapter.recogniseRequest?.(request));
    }
    return state.adapters.length > before;
  }

  /** Searches for a framework that the listeners lead to without showing it. */
  #findInner(server: Server, state: ServerState, key: RequestKey | undefined): void {
    if (state.arrivals <= MAX_TRAPPED_REQUESTS) {
      const texts = listenersOf(server).map((listener) => Function.prototype.toString.call(listener));
      if (this.#trap(texts, false, server, state)) return;
    }
    // A listener of the app, whose code could see traps. They are set when a listener of a framework begins to run. The app
    // may answer the first requests itself, such as those for its health, so each path is watched once.
    const path = key && requestPath(recordOf(key)?.url ?? '');
    if (key === undefined || path === undefined || state.watched.has(path) || PROBE.test(path)) return;
    state.watched.add(path);
    watchReads(key, (functions) => state.adapters.length > 0 || this.#trap(functions, true, server, state));
  }

  /** @returns whether one of the functions is the listener of a framework, for which traps are set */
  #trap(texts: readonly string[], areRunning: boolean, server: Server, state: ServerState): boolean {
    const traps = new Map<string, RouteAdapter>();
    for (const adapter of this.#adapters) {
      for (const text of texts) for (const name of adapter.trapsFor?.(text, areRunning) ?? []) traps.set(name, adapter);
    }
    if (traps.size === 0) return false;
    const isLast = state.arrivals >= MAX_TRAPPED_REQUESTS;
    const missed = (reason: string) => {
      const owner = isLast && this.#adapters.find((each) => texts.some((text) => each.ownsListener?.(text)));
      if (owner) reportAdapterFailure(owner.name, new UnexpectedInternals(reason));
    };
    const areSet = setTraps(
      traps.keys(),
      (name, caught) => {
        const adapter = traps.get(name) as RouteAdapter;
        return found(adapter, state, () => adapter.recognise?.(caught, server));
      },
      () => missed('its listener was found, but its first requests did not show the objects that have the routes'),
    );
    if (!areSet) missed('`Object.prototype` is frozen, so its first requests cannot be observed');
    return true;
  }
}

const listenersOf = (server: Server): unknown[] => server.listeners?.('request') ?? [];

function ask({ adapters }: ServerState, key: RequestKey, status: number, server: AnyServer): string | undefined {
  let wildcard: string | undefined;
  for (const adapter of adapters) {
    try {
      const route = adapter.routeOf(key, status, server);
      if (route !== undefined && !route.includes('*')) return route;
      if (wildcard === undefined || (route !== undefined && routeKind(wildcard) === 'catch-all')) wildcard = route;
    } catch (cause) {
      reportAdapterFailure(adapter.name, cause);
    }
  }
  return wildcard;
}

function firstAnswer(server: AnyServer, ask: (adapter: RouteAdapter) => string | undefined): string | undefined {
  for (const adapter of stateOf(server).adapters) {
    try {
      const answer = ask(adapter);
      if (answer !== undefined) return answer;
    } catch (cause) {
      reportAdapterFailure(adapter.name, cause);
    }
  }
  return undefined;
}

/** @returns whether the adapter has just been found to be one of this server's */
function found(adapter: RouteAdapter, state: ServerState, recognise: () => boolean | undefined): boolean {
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
