import { guardAdapter, UnexpectedInternals } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { type NodeRequest, RequestSlot } from '../../request-slot.ts';
import { watchFirstPage } from '../nuxt/index.ts';

/** What h3 1 creates for each request. */
interface Event {
  readonly node: { readonly req: NodeRequest & { readonly originalUrl?: string } };
  readonly context?: EventContext;
}
interface EventContext {
  readonly matchedRoute?: MatchedRoute;
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
export interface RouteTrail {
  readonly event: Event;
  last: PathRead;
}

/** The route of all pages of a Nuxt app. */
export const ALL_PAGES = '/**';

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

/** The trail of a request that h3 1 handled. */
export const trailOf = (key: object): RouteTrail | undefined => trails.get(key);

export function eventRoute(trail: RouteTrail): string | undefined {
  const route = trail.event.context?.matchedRoute;
  return route && mountOf(trail, route) + route.path;
}

/** The request target before any mount. */
export const targetOf = ({ event }: RouteTrail): string => event.node.req.originalUrl ?? event.node.req.url ?? '/';

/** Each router reads the path, and then sets the route that it has found. */
function notePath(event: Event, path: string): void {
  const { req } = event.node;
  const route = event.context?.matchedRoute;
  const trail = trails.get(req);
  if (trail === undefined) trails.set(req, { event, last: { path, route, before: undefined } });
  else if (trail.last.route === route) trail.last.path = path;
  else {
    trail.last = { path, route, before: trail.last };
    if (route?.path === ALL_PAGES) watchFirstPage();
  }
}

/** What was removed from the path before the router of this route read it: the path of its mount, without parameters. */
function mountOf({ event, last }: RouteTrail, route: MatchedRoute): string {
  const path = (last.route === route ? last.before : last)?.path ?? '';
  const whole = event.node.req.originalUrl ?? '';
  return path !== '' && whole.endsWith(path) ? whole.slice(0, -path.length) : '';
}
