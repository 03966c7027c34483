import type { AnyServer, RequestKey } from '../requests/request-record.ts';

/**
 * How the route templates of one framework are found. One file or folder per framework; no other file knows it.
 * A framework is recognised by its live objects, not by hooking its modules: this works in CommonJS, ES modules and
 * bundles alike.
 *
 * Any method may throw, best an `UnexpectedInternals`: the error is reported once, and the request is counted by the
 * shape of its path. No method may run the app's code, so read own data properties instead of getters.
 *
 * What an adapter keeps must belong to one app or server (a property, or a `WeakMap` by that object) and have a bound.
 * Otherwise one app would get the routes of another, or would never be collected.
 *
 * A `key` is the request as its handlers get it, over HTTP/2 too.
 */
export interface RouteAdapter {
  /** The framework's name, as its users write it. */
  readonly name: string;

  /**
   * Examines an object; if it leads to the framework, hooks what `routeOf` needs. It is called with the server and with
   * each of its `request` listeners when the server starts to listen, again at arriving requests until a framework is
   * found, and with each object that a trap caught. So it must be cheap, and may be called twice for the same app.
   * @param server that the object belongs to
   * @returns true when the framework was recognised and is hooked
   */
  recognise?(candidate: unknown, server: AnyServer): boolean;

  /**
   * Traps for the first requests of a server whose listener is a closure without properties. Such a listener is known by
   * its source text, in which minifiers keep the names of properties. It may be behind any listener of the app: then it is
   * found when it first reads the URL or the method of a request, and the traps are set at that moment. The result names properties that one of the
   * framework's objects is given, or is asked for and does not have, before any handler of the app runs. Each object
   * that a trap catches is passed to `recognise`; all traps are removed once that returns `true`. Choose names that no
   * other code uses.
   * @param listener  its source text
   * @param isRunning whether it has just begun to read a request: a listener of the app leads to it
   * @returns undefined when the listener is not the framework's
   */
  trapsFor?(listener: string, isRunning: boolean): readonly string[] | undefined;

  /**
   * Whether a listener is the framework's beyond doubt. If the first requests through it show nothing to the traps, the
   * framework has changed, and that is reported.
   * @param listener its source text
   */
  ownsListener?(listener: string): boolean;

  /**
   * Whether a finished request shows that the framework handled it, for servers whose listeners do not show it
   * (`createServer((req, res) => app(req, res))`). If so, the framework is hooked as by `recognise`. It is called for
   * requests without a route, so it must cost next to nothing when the framework is absent.
   */
  recogniseRequest?(key: RequestKey): boolean;

  /**
   * The template of the route that answered a finished request, such as `/users/:id`; undefined if none did. Called once
   * for each request of a server whose framework was recognised. What the framework showed during the request is kept
   * in a `RequestSlot`.
   * @param status of the response
   * @param server on which the request arrived
   */
  routeOf(key: RequestKey, status: number, server: AnyServer): string | undefined;

  /**
   * The template of the mount, such as `/static`, whose middleware answered a finished request. Asked where no route
   * answered and none is known that matches.
   */
  mountOf?(key: RequestKey, status: number, server: AnyServer): string | undefined;

  /**
   * The template of the route that a request reaches by the framework's own table of routes. Asked for a path that was
   * answered without a route, because middleware answered or failed before. The answer is kept for the path. Routes that
   * have answered a request of the server are known without this method.
   */
  matchRoute?(request: SoughtRequest, server: AnyServer): string | undefined;

  /** Calls of remote procedures, which have one route of another framework for all of them. */
  readonly calls?: Calls;
}

interface Calls {
  /** Whether to ask about the next request. It costs next to nothing, because most requests are no call. */
  isSought(): boolean;
  /**
   * The template of the call of a finished request, such as `/trpc/user.byId`. The procedure's name is from the
   * framework's own table.
   * @param outer  the template of the route or mount that took the request; undefined where no framework knows one
   */
  routeOf(url: string, status: number, outer: string | undefined): string | undefined;
}

/**
 * @property method  `GET` also for `HEAD`
 * @property path    at arrival, without the query
 */
export interface SoughtRequest {
  readonly key: RequestKey;
  readonly method: string;
  readonly path: string;
}
