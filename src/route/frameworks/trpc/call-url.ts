import { requestPath } from '../../../base/request-path.ts';

/** A client chooses the URL, so that only so much of it is examined. */
const MAX_CHARS = 512;
/** `user.byId`, or several in one batch: `user.byId,post.list`. */
const PROCEDURES = /^[\w.,~-]+(%2C[\w.~-]+)*$/i;
const QUERY = /(^|&)(batch=1(&|$)|input=(%7B|%22))/i;

/** What tRPC's clients send for queries and batches: `/user.byId?input=%7B`, `/user.byId,post.list?batch=1`. */
export function looksLikeCall(url: string): boolean {
  const start = url.indexOf('?');
  if (start < 0 || !QUERY.test(url.slice(start + 1, start + 1 + MAX_CHARS))) return false;
  const path = requestPath(url);
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.length <= MAX_CHARS && PROCEDURES.test(last);
}
