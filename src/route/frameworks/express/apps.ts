import type { Server } from 'node:http';
import { type AnyServer, recordOf } from '../../../requests/request-record.ts';
import { isObject, ownValue } from '../../own-property.ts';
import type { ExpressRequest, Layer } from './layer.ts';

/** Apps, or mounts of routers, that are remembered for one server or app. Some code creates them all the time. */
const MAX_REMEMBERED = 100;

/** The apps behind each server that are mounted in no other. */
const apps = new WeakMap<AnyServer, Set<object>>();
/** The apps that are listeners of a server, or were when it began to listen: they get the URL as it arrived. */
const listeners = new WeakMap<AnyServer, Set<object>>();
/** The apps that are mounted in an app. It has only closures for them, so they are known from their first request on. */
const mountedApps = new WeakMap<object, Set<object>>();
/** The mounts of routers that no app has, such as those of a bare router. Known from their first request on. */
const looseMounts = new WeakMap<AnyServer, Set<Layer>>();

export const serverOf = (request: object): AnyServer | undefined => recordOf(request)?.server;

export const appsOf = (server: AnyServer): Iterable<object> => apps.get(server) ?? [];
export const appsMountedIn = (app: object): Iterable<object> => mountedApps.get(app) ?? [];
export const looseMountsOf = (server: AnyServer): Layer[] => [...(looseMounts.get(server) ?? [])];

export function rememberApp(server: AnyServer, app: unknown): void {
  const outermost = outermostApp(app);
  if (outermost !== undefined) remember(apps, server, outermost);
}

/** Remembers a listener of a server, if it is an app. */
export function rememberListener(server: AnyServer, app: unknown): void {
  if (!isApp(app)) return;
  remember(apps, server, app);
  const { listeners: listenersOf } = server as Partial<Server>;
  if (listenersOf?.call(server, 'request').includes(app as () => void)) remember(listeners, server, app);
}

export function listensItself(app: unknown, server: AnyServer): boolean {
  const outermost = outermostApp(app);
  return outermost !== undefined && listeners.get(server)?.has(outermost) === true;
}

export function rememberLooseMount(request: ExpressRequest, layer: Layer): void {
  const server = serverOf(request);
  if (server !== undefined) remember(looseMounts, server, layer);
}

/** Remembers where an app is mounted, that has a request now. */
export function rememberMountedApp(app: unknown): void {
  const parent = isApp(app) ? ownValue(app, 'parent') : undefined;
  if (isApp(parent)) remember(mountedApps, parent, app as object);
}

/** The app that an app is mounted in, through all levels. */
export function outermostApp(app: unknown): object | undefined {
  if (!isApp(app)) return undefined;
  let found: object = app;
  for (let level = 0; level < MAX_REMEMBERED; level++) {
    const parent = ownValue(found, 'parent');
    if (!isApp(parent)) break;
    found = parent;
  }
  return found;
}

const isApp = (app: unknown): app is object => isObject(app) && Object.hasOwn(app, 'mountpath');

function remember<T>(known: WeakMap<object, Set<T>>, owner: object, value: T): void {
  const values = known.get(owner) ?? new Set();
  if (values.size < MAX_REMEMBERED) known.set(owner, values.add(value));
}
