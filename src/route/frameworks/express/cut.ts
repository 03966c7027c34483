import { requestPath } from '../../../base/request-path.ts';
import { recordOf } from '../../../requests/request-record.ts';
import { removedPart } from '../../removed-part.ts';
import { isVariable } from '../../shape/segment.ts';
import { segmentsOf, withoutEndSlashes } from '../../template.ts';
import { wordsOf } from '../known-prefix.ts';
import { listensItself, serverOf } from './apps.ts';
import type { ExpressRequest } from './layer.ts';
import { MountPath, ROOT } from './mount-path.ts';

/**
 * Other code may remove the start of `request.url` before Express gets the request: middie in Fastify, connect, Polka, or a
 * listener of the app. Without it, `/admin/users/:id` would be counted as `/users/:id`.
 */

/** Distinct templates of what was cut off before one app. */
const MAX_PREFIXES = 8;
const TOO_MANY = new MountPath('/:prefix');

const prefixes = new WeakMap<object, Map<string, MountPath>>();

/** The path at the request's arrival; undefined where the request is not measured. */
export function arrivedPath(request: ExpressRequest): string | undefined {
  const url = recordOf(request)?.url;
  return url === undefined ? undefined : requestPath(url);
}

/** What was cut off the path before the first router of Express got the request. Nearly always nothing: ''. */
export function cutOf(request: ExpressRequest): string {
  const record = recordOf(request);
  const { url } = request;
  if (record?.url === undefined || typeof url !== 'string' || record.url.length <= url.length) return '';
  // The app itself has rewritten the URL.
  if (listensItself(request.app, record.server)) return '';
  const { baseUrl = '' } = request;
  const path = requestPath(record.url);
  const rest = requestPath(url);
  // Mounts have taken a part of requests that were under way when Express was found. Where nothing is left, they add a
  // slash. Code other than Express may have written anything to `baseUrl`.
  const isWhole = rest === '/' ? removedSegments(path, baseUrl) : undefined;
  return removedSegments(path, baseUrl + rest) ?? isWhole ?? removedSegments(path, rest) ?? '';
}

/** @returns undefined unless the rest is the end of the path, which may have a slash more */
export function removedSegments(path: string, rest: string): string | undefined {
  if (!rest.startsWith('/')) return undefined;
  const removed = removedPart(path, rest) ?? removedPart(withoutEndSlashes(path), rest);
  return removed !== undefined && /^(\/|$)/.test(path.slice(removed.length)) ? removed : undefined;
}

/**
 * The template of what was cut off. No data of the request may get into it: values become `:id`, and words that the app
 * does not have become `:prefix`.
 * @param app that the request then went to
 */
export function prefixFor(cut: string, request: ExpressRequest, app: object): MountPath {
  const text = cut.toLowerCase();
  const known = prefixesOf(app);
  const found = known.get(text);
  if (found !== undefined) return found;
  const server = serverOf(request);
  const words = server && wordsOf(text, request, server);
  let template = '';
  for (const segment of segmentsOf(text)) {
    template += `/${isVariable(segment) ? ':id' : words?.has(segment) ? segment : ':prefix'}`;
  }
  if (template === '') return ROOT;
  const prefix = known.get(template);
  if (prefix !== undefined) return prefix;
  if (known.size >= MAX_PREFIXES) return TOO_MANY;
  const added = ROOT.plus(template);
  known.set(template, added);
  return added;
}

/** The templates of what was cut off before an app. */
export function prefixesOf(app: object): Map<string, MountPath> {
  const known = prefixes.get(app);
  if (known !== undefined) return known;
  const added = new Map<string, MountPath>();
  prefixes.set(app, added);
  return added;
}
