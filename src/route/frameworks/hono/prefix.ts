import { requestPath } from '../../../base/request-path.ts';
import { ownValue } from '../../own-property.ts';
import { removedPart } from '../../removed-part.ts';

/** Prefixes that are distinguished in a process. A path that the app has cut by itself may be any text. */
const MAX_PREFIXES = 50;
const prefixes = new Set<string>();

/**
 * What another framework, such as Express, removed from the path before it passed the request to Hono, with the names of
 * its parameters in place of their values.
 * @param context  its request has the path that Hono received
 * @returns undefined when that is not known
 */
export function prefixOf(key: object, context: { readonly req: { readonly path: string } }): string | undefined {
  const { originalUrl } = key as { originalUrl?: unknown };
  if (typeof originalUrl !== 'string') return '';
  const removed = removedPart(requestPath(originalUrl), context.req.path);
  if (removed === undefined || removed === '') return removed;
  const prefix = withNames(removed, ownValue(key, 'params'));
  if (!prefixes.has(prefix) && prefixes.size < MAX_PREFIXES) prefixes.add(prefix);
  return prefixes.has(prefix) ? prefix : undefined;
}

function withNames(prefix: string, parameters: unknown): string {
  if (typeof parameters !== 'object' || parameters === null) return prefix;
  const names = Object.keys(parameters);
  return prefix
    .split('/')
    .map((segment) => {
      const name = names.find((each) => segment !== '' && ownValue(parameters, each) === decode(segment));
      return name === undefined ? segment : `:${name}`;
    })
    .join('/');
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
