import { requestPath } from '../../../base/request-path.ts';
import { ownValue } from '../../own-property.ts';

/** Routers that are kept in a process. */
const MAX_ROUTERS = 16;
/** Calls in one batch that are looked at. */
const MAX_CALLS = 200;
/** How a batch that calls several procedures is counted. */
const BATCH = '*batch';

/** The routers of tRPC that have answered in this process. They have a table of their procedures: `user.byId`. */
const routers: WeakRef<object>[] = [];

/** @returns whether the object is a router */
export function addRouter(candidate: unknown): boolean {
  if (proceduresOf(candidate) === undefined) return false;
  const router = candidate as object;
  if (!routers.some((each) => each.deref() === router) && routers.length < MAX_ROUTERS) {
    routers.push(new WeakRef(router));
  }
  return true;
}

function proceduresOf(router: unknown): object | undefined {
  const definition = ownValue(router, '_def');
  const procedures = ownValue(definition, 'procedures');
  return ownValue(definition, 'router') === true && typeof procedures === 'object' && procedures !== null
    ? procedures
    : undefined;
}

export const hasRouters = (): boolean => routers.length > 0;

/**
 * A call, as the end of a URL has it.
 * @property name    of the procedure, from the table of a router; `*batch` for several
 * @property before  the path up to it, without the slash
 */
export interface Call {
  readonly name: string;
  readonly before: string;
}

/** @returns undefined where no router has the procedure, or one of those in a batch */
export function callIn(url: string): Call | undefined {
  const path = requestPath(url);
  const start = path.lastIndexOf('/');
  const name = nameOf(path.slice(start + 1), url);
  return name === undefined ? undefined : { name, before: path.slice(0, start) };
}

function nameOf(called: string, url: string): string | undefined {
  if (isProcedure(called)) return called;
  const isBatch = /[?&]batch=1/.test(url) && /,|%2c/i.test(called);
  if (!isBatch) return undefined;
  const names = new Set(called.split(/,|%2c/i, MAX_CALLS));
  for (const name of names) if (!isProcedure(name)) return undefined;
  const [only] = names;
  return names.size === 1 ? only : BATCH;
}

function isProcedure(name: string): boolean {
  return routers.some((each) => {
    const procedures = proceduresOf(each.deref());
    return procedures !== undefined && Object.hasOwn(procedures, name);
  });
}
