import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from './on-app.ts';

/**
 * Lets only readers through: 401 without the token, 405 for anything but GET and HEAD.
 * @param token undefined lets everyone in
 */
export function requireToken(token: string | undefined, handler: Handler): Handler {
  return (request, response) => {
    if (token !== undefined && !bears(request, token)) {
      return answer(response, 401, 'A bearer token is needed.\n', { 'WWW-Authenticate': 'Bearer' });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, 405, 'Only GET and HEAD are answered here.\n', { Allow: 'GET, HEAD' });
    }
    handler(request, response);
  };
}

export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

/** By digests, which are of one length: the time it takes tells nothing about the token. */
function bears(request: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(token));
}
