import { clearTimeout, setTimeout } from '../../../base/timers.ts';
import type { RouteAdapter } from '../../adapter.ts';
import { guardAdapter } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { routeKind } from '../../template.ts';
import { addTraps } from '../../traps.ts';
import { addRouter, callIn, hasRouters } from './routers.ts';

/** Options that tRPC asks its own object for, and that apps mostly leave out. That object also has the router. */
const OPTIONS = [
  'allowBatching',
  'allowMethodOverride',
  'maxBatchSize',
  'batching',
  'experimental_contentTypeHandlers',
];

/** The first requests are examined for calls of a router that is not known yet, and later one of 64. */
const MAX_EXAMINED_REQUESTS = 4096;
const EXAMINED_LATER = 64;
/** What tRPC's clients send for queries and batches: `/user.byId?input=%7B`, `/user.byId,post.list?batch=1`. */
const LOOKS_LIKE_CALL = /\/[\w.,~-]+(%2C[\w.~-]+)*\?(batch=1(&|$)|.*\binput=(%7B|%22))/i;
/** How often, and how long, the next call is waited for. */
const MAX_WAITS = 5;
const WAIT_MS = 5000;
/** Paths that calls may have before them where no framework knows the route. */
const MAX_MOUNTS = 20;

let requests = 0;
let waits = 0;
let isWaiting = false;
const mounts = new Set<string>();

/**
 * tRPC 10 and 11, with any of its adapters. Frameworks have one route for all its procedures: `/trpc` or `/trpc/:path`.
 * The router shows itself in the first call after one that looked like a call. From then on, calls are counted by the
 * procedures in its table, as `/trpc/user.byId`, and batches of several as `/trpc/*batch`.
 */
export const trpc: RouteAdapter = {
  name: 'tRPC',

  // The listener of the standalone server calls tRPC at once.
  trapsFor: (listener) => (isStandalone(listener) ? OPTIONS : undefined),
  recognise: (candidate) => addRouter(ownValue(candidate, 'router')),

  routeOf: () => undefined,

  calls: {
    isSought: () => hasRouters() || ++requests < MAX_EXAMINED_REQUESTS || requests % EXAMINED_LATER === 0,

    routeOf(url, status, outer) {
      if (!hasRouters()) {
        if (LOOKS_LIKE_CALL.test(url)) waitForCall();
        return undefined;
      }
      const call = callIn(url);
      if (call === undefined) return undefined;
      const mount = outer === undefined ? knownMount(call.before, status) : withoutRest(outer);
      return mount === undefined ? undefined : `${mount}/${call.name}`;
    },
  },
};

/** Its text passes the path of the URL on, beside the request and response. */
const isStandalone = (listener: string): boolean =>
  /\.pathname\)?\.slice\(/.test(listener) && /\breq(:[\w$]+)?,\s*res(:[\w$]+)?,\s*path(:[\w$]+)?\s*\}/.test(listener);

/** The mount in the template of a route for all procedures: `/trpc` of `/trpc`, `/trpc/:path` and `/trpc/*`. */
const withoutRest = (route: string): string =>
  (routeKind(route) === 'exact' ? route : route.slice(0, route.lastIndexOf('/'))).replace(/\/$/, '');

/** Only a call that was answered shows that the path before it is not a client's invention. */
function knownMount(path: string, status: number): string | undefined {
  if (status < 300 && mounts.size < MAX_MOUNTS) mounts.add(path);
  return mounts.has(path) ? path : undefined;
}

/** Waits for the next call with traps: their names are tRPC's own, and other objects behave as without them. */
function waitForCall(): void {
  if (isWaiting || waits >= MAX_WAITS) return;
  waits++;
  const remove = addTraps(OPTIONS, (_, owner) =>
    guardAdapter('tRPC', () => {
      if (addRouter(ownValue(owner, 'router'))) stop();
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
