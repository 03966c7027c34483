import { guardAdapter, UnexpectedInternals } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../../request-slot.ts';

/** What h3 1 creates for each request. */
interface Event {
  readonly node: { readonly req: NodeRequest & { readonly originalUrl?: string } };
  readonly context?: { readonly matchedRoute?: MatchedRoute };
}
interface MatchedRoute {
  readonly path: string;
}
/** A path that a router read, and the route that was known at that time. */
interface PathRead {
  path: string;
  readonly route: MatchedRoute | undefined;
  readonly before: PathRead | undefined;
}
interface RouteTrail {
  readonly event: Event;
  last: PathRead;
}

const trails = new RequestSlot<RouteTrail>('h3 1');
const hooked = new WeakSet<object>();

export const isEvent = (candidate: unknown): boolean =>
  ownValue(candidate, '__is_event__') === true && ownValue(ownValue(candidate, 'node'), 'req') !== undefined;

/** Hooks the class of an event. */
export function hookEvents(event: object): void {
  const prototype = Object.getPrototypeOf(event);
  if (hooked.has(prototype)) return;
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'path') ?? {};
  if (get === undefined) throw new UnexpectedInternals('its events have no getter `path`');
  Object.defineProperty(prototype, 'path', {
    configurable: true,
    get(this: Event) {
      const path = get.call(this);
      guardAdapter('h3', () => notePath(this, path));
      return path;
    },
  });
  hooked.add(prototype);
}

export const wasSeen = (key: object): boolean => trails.get(key) !== undefined;

export function eventRoute(key: object): string | undefined {
  const trail = trails.get(key);
  const route = trail?.event.context?.matchedRoute;
  if (trail === undefined || route === undefined) return undefined;
  return mountOf(trail, route) + route.path;
}

/** Each router reads the path, and then sets the route that it has found. */
function notePath(event: Event, path: string): void {
  const key = requestKeyOf(event.node.req);
  const route = event.context?.matchedRoute;
  const trail = trails.get(key);
  if (trail === undefined) trails.set(key, { event, last: { path, route, before: undefined } });
  else if (trail.last.route === route) trail.last.path = path;
  else trail.last = { path, route, before: trail.last };
}

/** What was removed from the path before the router of this route read it: the path of its mount, without parameters. */
function mountOf({ event, last }: RouteTrail, route: MatchedRoute): string {
  const path = (last.route === route ? last.before : last)?.path ?? '';
  const whole = event.node.req.originalUrl ?? '';
  return path !== '' && whole.endsWith(path) ? whole.slice(0, -path.length) : '';
}
