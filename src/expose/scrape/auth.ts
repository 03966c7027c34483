import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { CHALLENGE } from '../../processes/port-holder.ts';
import { answer, type Handler } from './http-handler.ts';

/**
 * Serves only clients with the token: 401 without it, 405 for any method but GET and HEAD.
 * @param token undefined serves every client
 */
export function requireToken(token: string | undefined, handler: Handler): Handler {
  return (request, response) => {
    if (token !== undefined && !hasToken(request, token)) {
      return answer(response, 401, 'A bearer token is needed.\n', { 'WWW-Authenticate': CHALLENGE });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, 405, 'Only GET and HEAD are allowed.\n', { Allow: 'GET, HEAD' });
    }
    return handler(request, response);
  };
}

/** Compares digests, which have one length, so that the time it takes reveals nothing about the token. */
function hasToken(request: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const [, sent = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return timingSafeEqual(digest(sent), digest(token));
}
