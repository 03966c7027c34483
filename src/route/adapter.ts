import type { Carrier } from '../requests/record.ts';

/**
 * Where an adapter leaves the route template on a request while the framework handles it (`request[ROUTE_OF] = '/users/:id'`).
 * `undefined` or absent: no route has it, or the one that had it passed it on.
 */
export const ROUTE_OF: unique symbol = Symbol('@org/apm route');

/** A request as adapters see it: what they leave on it, and whatever the framework left. */
export type RoutedCarrier = Carrier & { [ROUTE_OF]?: string | undefined };

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
   * Looks at a `request` listener of a server and, if the framework is behind it, hooks the framework so that
   * `ROUTE_OF` is set on every request a route handles. Called when the server starts to listen and again at each
   * arriving request until some adapter has said `true`, so it must be cheap and may be called twice for the same app.
   * @returns true when the framework was recognised and is hooked
   */
  recognise(listener: unknown): boolean;

  /**
   * The framework's app behind a finished request, when the server's listener did not show it
   * (`createServer((req, res) => app(req, res))`); handed to `recognise`. Undefined where the request shows none.
   */
  appOf?(carrier: RoutedCarrier): unknown;

  /**
   * The route of a finished request that has no `ROUTE_OF`: answers the hooks did not see. Called at most once a request.
   */
  routeOf?(carrier: RoutedCarrier): string | undefined;
}
