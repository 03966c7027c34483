import type { Layer, Router } from './layer.ts';

// What is read here belongs to the app: only data, no getter that could run its code.

export const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** A router is a function with layers; so is nothing else that can be mounted. */
export function routerIn(handle: unknown): Router | undefined {
  const stack = isObject(handle) && Object.getOwnPropertyDescriptor(handle, 'stack')?.value;
  return Array.isArray(stack) ? (handle as Router) : undefined;
}

/** The router of an app, if it has one yet; a router itself is one. */
export function routerOf(app: unknown): Router | undefined {
  const router = routerIn(app);
  if (router !== undefined || !isObject(app) || !Object.hasOwn(app, 'mountpath')) return router;
  const isExpress4 = Object.hasOwn(app, 'lazyrouter');
  const { value, get } = Object.getOwnPropertyDescriptor(app, isExpress4 ? '_router' : 'router') ?? {};
  if (isExpress4 || get === undefined) return routerIn(value);
  try {
    return routerIn(get.call(STILL_LAZY));
  } catch {
    return undefined;
  }
}

/**
 * Express 5 makes the router of an app when it is first read, with the settings the app has by then. An app that cannot
 * tell its settings gives its router only if it has one already.
 *
 * @see https://github.com/expressjs/express/blob/v5.1.0/lib/application.js
 */
const STILL_LAZY = {
  enabled(): never {
    throw new Error('there is no router yet');
  },
};

/** Mounted at `/`: it adds nothing, and Express does not even match it. */
export const isSlash = (layer: Layer): boolean => Boolean(layer.slash || layer.regexp?.fast_slash);
