import { guardAdapter } from '../../adapter-failure.ts';
import { ownValue } from '../../own-property.ts';
import { type NodeRequest, RequestSlot, requestKeyOf } from '../../request-slot.ts';

/** What h3 1 makes of each request. */
interface Event {
  readonly node: { readonly req: NodeRequest & { readonly originalUrl?: string } };
  readonly context?: { readonly matchedRoute?: MatchedRoute };
}
interface MatchedRoute {
  readonly path: string;
}
/** A path that was asked for, and the route that was known by then. */
interface Asked {
  path: string;
  readonly route: MatchedRoute | undefined;
  readonly before: Asked | undefined;
}
interface Visit {
  readonly event: Event;
  asked: Asked;
}

const carried = new RequestSlot<Visit>('h3 1');
const hooked = new WeakSet<object>();

export const isEvent = (candidate: unknown): boolean =>
  ownValue(candidate, '__is_event__') === true && ownValue(ownValue(candidate, 'node'), 'req') !== undefined;

/** Hooks the class of an event. @returns whether it is hooked */
export function hookEvents(event: object): boolean {
  const prototype = Object.getPrototypeOf(event);
  if (hooked.has(prototype)) return true;
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'path') ?? {};
  if (get === undefined) return false;
  Object.defineProperty(prototype, 'path', {
    configurable: true,
    get(this: Event) {
      const path = get.call(this);
      guardAdapter('h3', () => note(this, path));
      return path;
    },
  });
  hooked.add(prototype);
  return true;
}

export const wasSeen = (carrier: object): boolean => carried.get(carrier) !== undefined;

export function eventRoute(carrier: object): string | undefined {
  const visit = carried.get(carrier);
  const route = visit?.event.context?.matchedRoute;
  if (visit === undefined || route === undefined) return undefined;
  return mountOf(visit, route) + route.path;
}

/** Each router asks for the path, and then says which route it has found. */
function note(event: Event, path: string): void {
  const carrier = requestKeyOf(event.node.req);
  const route = event.context?.matchedRoute;
  const visit = carried.get(carrier);
  if (visit === undefined) carried.set(carrier, { event, asked: { path, route, before: undefined } });
  else if (visit.asked.route === route) visit.asked.path = path;
  else visit.asked = { path, route, before: visit.asked };
}

/** What was taken off the path the router was given, by what it is mounted in: a text without parameters. */
function mountOf({ event, asked }: Visit, route: MatchedRoute): string {
  const path = (asked.route === route ? asked.before : asked)?.path ?? '';
  const whole = event.node.req.originalUrl ?? '';
  return path !== '' && whole.endsWith(path) ? whole.slice(0, -path.length) : '';
}
