import { clearTimeout, setTimeout } from '../../../base/timers.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { addTraps } from '../../traps.ts';
import { looksLikeCall } from './call-url.ts';
import { Places } from './places.ts';
import { addRouter, callIn, hasRouters } from './routers.ts';

/**
 * Options that tRPC asks its own object for, and that apps mostly leave out. That object also has the router. Versions 10
 * with the adapters for `fetch` and Fastify ask for `batching` alone.
 */
const OPTIONS = ['allowBatching', 'allowMethodOverride', 'batching', 'experimental_contentTypeHandlers'];

/** The first requests are examined for calls of a router that is not known yet, and later one of 64. */
const MAX_EXAMINED_REQUESTS = 4096;
const EXAMINED_LATER = 64;
/** How often, and how long, the next call is waited for: meanwhile all code of the app runs with the traps. */
const MAX_WAITS = 5;
const WAIT_MS = 5000;

let requests = 0;
let waits = 0;
let isWaiting = false;
let isExpected = false;
const places = new Places();

/**
 * tRPC 10 and 11, with any of its adapters. Frameworks have one route for all its procedures: `/trpc` or `/trpc/:path`.
 * The router shows itself in the first call after one that looked like a call. From then on, calls are counted by the
 * procedures in its table, as `/trpc/user.byId`, and batches of several as `/trpc/*batch`.
 */
export const trpc: RouteAdapter = {
  name: 'tRPC',

  // The listener of the standalone server calls tRPC at once.
  trapsFor(listener) {
    if (!isStandalone(listener)) return undefined;
    expectCalls();
    return OPTIONS;
  },
  recognise: (candidate) => seeOptions(candidate),

  routeOf: () => undefined,

  calls: {
    isSought: () => hasRouters() || ++requests < MAX_EXAMINED_REQUESTS || requests % EXAMINED_LATER === 0,

    routeOf(url, _status, outer) {
      places.learn(url, outer);
      const call = hasRouters() ? callIn(url) : undefined;
      const mount = call && places.mountOf(call.before, outer);
      if (call !== undefined && mount !== undefined) return `${mount}/${call.name}`;
      if (isExpected && looksLikeCall(url)) waitForCall();
      return undefined;
    },
  },
};

/**
 * Called where the app depends on tRPC. Elsewhere no call is waited for: any client can send a request that looks like one.
 */
export function expectCalls(): void {
  isExpected = true;
}

/** Its text passes the path of the URL on, beside the request and response. */
const isStandalone = (listener: string): boolean =>
  /\.pathname\)?\.slice\(/.test(listener) && /\breq(:[\w$]+)?,\s*res(:[\w$]+)?,\s*path(:[\w$]+)?\s*\}/.test(listener);

/** @returns whether the object is the options of a call, with the router */
function seeOptions(candidate: unknown): boolean {
  if (!addRouter(ownValue(candidate, 'router'))) return false;
  places.see(candidate as object);
  return true;
}

/** Waits for the next call with traps: their names are options of tRPC, and other objects behave as without them. */
function waitForCall(): void {
  if (isWaiting || waits >= MAX_WAITS) return;
  waits++;
  const remove = addTraps(OPTIONS, (_, owner) =>
    guardAdapter('tRPC', () => {
      if (seeOptions(owner)) stop();
    }),
  );
  if (remove === undefined) return;
  isWaiting = true;
  const timer = setTimeout(() => stop(), WAIT_MS).unref();
  const stop = () => {
    isWaiting = false;
    clearTimeout(timer);
    remove();
  };
}
