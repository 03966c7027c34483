import type { Carrier } from '../requests/record.ts';

/**
 * How one framework's route templates are found. One file per framework; nothing else knows the framework.
 * Frameworks are recognised by their live objects, not by hooking modules: that works in CJS, ESM and bundles alike.
 *
 * Each method may throw or meet internals it did not expect; the resolver guards every call, and the request then goes
 * through the heuristic. None may run user code, so read own data properties, not getters.
 */
export interface RouteAdapter {
  /** The framework's name, as its users write it. */
  readonly name: string;

  /**
   * Looks at a `request` listener of a server and, if the framework is behind it, hooks what the framework needs hooked
   * for `routeOf` to know. Called when the server starts to listen and again at arriving requests until some adapter has
   * said `true`, so it must be cheap and may be called twice for the same app.
   * @returns true when the framework was recognised and is hooked
   */
  recognise(listener: unknown): boolean;

  /**
   * The framework's app behind a finished request, when the server's listener did not show it
   * (`createServer((req, res) => app(req, res))`); handed to `recognise`. Undefined where the request shows none. Called
   * at every request of a server without a framework, so it must cost next to nothing there.
   */
  appOf?(carrier: Carrier): unknown;

  /**
   * The template of the route that answered a finished request, such as `/users/:id`; undefined where none did. Called
   * once for each request of a server whose framework was recognised. What the framework showed while it handled the
   * request, an adapter keeps by the carrier, in whatever way is cheapest there.
   */
  routeOf(carrier: Carrier): string | undefined;
}
