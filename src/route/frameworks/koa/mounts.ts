import { guardAdapter } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { type Context, MATCHED, type Mount, type RouteTrail, trails } from './context.ts';
import { learnRouter } from './routers.ts';

/** koa-mount sets this on the context: the prefix that it removed from the path. */
const MOUNTED = 'mountPath';

/**
 * koa-mount removes parts of the path while it handles a request, and restores them afterwards. So for an app with mounts
 * their prefixes are noted at the moment a router finds its route.
 */
export function watchMounts(contexts: object): void {
  if (MATCHED in contexts || MOUNTED in contexts) return;
  watchProperty(contexts, MOUNTED, (trail, prefix) => {
    const { context, mounts } = trail;
    if (mounts.push({ prefix: String(prefix), path: context.path }) > 1) return;
    trail.matched = ownValue(context, MATCHED);
    watchProperty(context, MATCHED, onMatched);
  });
}

function onMatched(trail: RouteTrail, path: unknown): void {
  trail.matched = path;
  trail.prefix = prefixOf(trail.mounts, trail.context.path);
  learnRouter(trail);
}

/** The prefixes of the last mount that a request entered, and of the mounts around it. */
export function lastMount({ mounts }: RouteTrail): string | undefined {
  const last = mounts.at(-1);
  return last && prefixOf(mounts, pathInside(last));
}

/** The prefixes of the mounts that a request is inside of when its path is this one. */
function prefixOf(mounts: readonly Mount[], path: string): string {
  let inner = path;
  let prefix = '';
  for (const mount of mounts.toReversed()) {
    if (pathInside(mount) !== inner) continue;
    prefix = mount.prefix.replace(/\/$/, '') + prefix;
    inner = mount.path;
  }
  return prefix;
}

/** Each mount has removed its prefix from the path that the mount around it left. */
const pathInside = ({ prefix, path }: Mount): string => path.replace(prefix, '') || '/';

/** Calls `onSet` after a property of a context was set. */
function watchProperty(contexts: object, name: string, onSet: (trail: RouteTrail, value: unknown) => void): void {
  const symbol = Symbol(name);
  const before = ownValue(contexts, name);
  Object.defineProperty(contexts, name, {
    configurable: true,
    get(this: Record<symbol, unknown>) {
      return symbol in this ? this[symbol] : before;
    },
    set(this: Context & Record<symbol, unknown>, value: unknown) {
      this[symbol] = value;
      guardAdapter('Koa', () => {
        const trail = trails.get(this.req);
        if (trail !== undefined) onSet(trail, value);
      });
    },
  });
}
