import type { RequestKey } from '../requests/request-record.ts';

/**
 * How one framework's route templates are found. One file per framework; nothing else knows the framework.
 * Frameworks are recognised by their live objects, not by hooking modules: that works in CJS, ESM and bundles alike.
 *
 * Each method may throw or meet internals it did not expect; every call is guarded, and the request then goes through
 * the heuristic. None may run user code, so read own data properties, not getters.
 */
export interface RouteAdapter {
  /** The framework's name, as its users write it. */
  readonly name: string;

  /**
   * Looks at something of a server and, if the framework is behind it, hooks what the framework needs hooked for
   * `routeOf` to know. Called with the server and with each of its `request` listeners when it starts to listen and
   * again at arriving requests until some framework is found, and with what a trap caught. So it must be cheap, and may
   * be called twice for the same app.
   * @returns true when the framework was recognised and is hooked
   */
  recognise?(candidate: unknown): boolean;

  /**
   * Traps for the first requests of a server whose listener is a closure that shows nothing. The framework is known by
   * that closure's text, in which minifiers keep the names of properties. The answer names properties that one of the
   * framework's objects is given, or asked for while it has none, before any handler of the app runs; what steps into
   * one is handed to `recognise`. All are gone as soon as that has said `true`. They should be names nobody else uses.
   * @param listener its source text
   * @returns undefined where the listener is not the framework's
   */
  trapsFor?(listener: string): readonly string[] | undefined;

  /**
   * Whether a finished request shows that the framework handled it, where the server's listeners did not
   * (`createServer((req, res) => app(req, res))`). If it does, the framework is hooked as by `recognise`. Called at
   * requests that have no route yet, so it must cost next to nothing where the framework is not there.
   */
  recogniseRequest?(carrier: RequestKey): boolean;

  /**
   * The template of the route that answered a finished request, such as `/users/:id`; undefined where none did. Called
   * once for each request of a server whose framework was recognised. What the framework showed while it handled the
   * request, an adapter keeps by the carrier, in whatever way is cheapest there.
   * @param status of the answer
   */
  routeOf(carrier: RequestKey, status: number): string | undefined;
}
