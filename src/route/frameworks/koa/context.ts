import { type NodeRequest, RequestSlot } from '../../request-slot.ts';

/** What Koa creates for each request. */
export interface Context {
  readonly app: App;
  readonly req: NodeRequest;
  readonly path: string;
}

export interface App {
  readonly middleware: readonly unknown[];
  readonly context: object;
  createContext(...args: unknown[]): Context;
}

/** A mount, and the path before the mount removed its prefix. */
export interface Mount {
  readonly prefix: string;
  readonly path: string;
}

/**
 * What is known of a request on its way through an app.
 * @property mounts   that the request has entered, in this order
 * @property prefix   of the mounts around the router that set `matched`
 * @property matched  the path of the current layer; only set once the request has entered a mount
 */
export interface RouteTrail {
  readonly context: Context;
  readonly mounts: Mount[];
  prefix: string;
  matched: unknown;
}

export const trails = new RequestSlot<RouteTrail>('Koa');

/** Routers set this on the context: the path of the layer that handles the request, a route or middleware. */
export const MATCHED = '_matchedRoute';
