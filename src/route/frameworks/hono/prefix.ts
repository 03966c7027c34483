import { requestPath } from '../../../base/request-path.ts';
import type { RequestKey } from '../../../requests/request-record.ts';
import { decodePath } from '../../decode-path.ts';
import { ownValue } from '../../own-property.ts';
import { removedPart } from '../../removed-part.ts';
import { segmentsOf } from '../../template.ts';
import { serverOf } from '../express/apps.ts';
import { mountPathOf } from '../express/trail.ts';
import { wordsOf } from '../known-prefix.ts';

/**
 * What another framework, such as Express, removed from the path before it passed the request to Hono, with the names of
 * its parameters in place of their values. A client chooses the rest, so that must be words of the app.
 * @param context  its request has the path that Hono received
 * @returns undefined when that is not known
 */
export function prefixOf(key: RequestKey, context: { readonly req: { readonly path: string } }): string | undefined {
  const { originalUrl } = key as { originalUrl?: unknown };
  if (typeof originalUrl !== 'string') return '';
  const removed = removedPart(requestPath(originalUrl), context.req.path);
  if (removed === undefined || removed === '') return removed;
  const mount = mountPathOf(key, removed);
  if (mount !== undefined) return mount;
  const server = serverOf(key);
  if (server === undefined) return undefined;
  const prefix = withNames(removed, ownValue(key, 'params'));
  const words = wordsOf(removed.toLowerCase(), key, server);
  return segmentsOf(prefix).every((each) => each.startsWith(':') || words.has(each.toLowerCase())) ? prefix : undefined;
}

function withNames(prefix: string, parameters: unknown): string {
  if (typeof parameters !== 'object' || parameters === null) return prefix;
  const names = Object.keys(parameters);
  return prefix
    .split('/')
    .map((segment) => {
      const name = names.find((each) => segment !== '' && ownValue(parameters, each) === decodePath(segment));
      return name === undefined ? segment : `:${name}`;
    })
    .join('/');
}
