import { reportFailure } from '../../base/guard.ts';
import { answer, requireToken } from './auth.ts';
import { type Handler, pathOf } from './on-app.ts';
import type { Scrape } from './scrape.ts';
import { send } from './send.ts';
import { trackSlowReaders } from './slow-readers.ts';

/** The text format Prometheus negotiates; without a version it refuses to guess. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Answers a scrape to readers, with gzip when asked for.
 * @param token undefined lets everyone in
 * @param given told of each text that has been sent as a whole
 */
export function scrapeHandler(
  scrape: Scrape,
  token: string | undefined,
  given?: (pieces: readonly Buffer[]) => void,
): Handler {
  const text = {
    make: scrape,
    headers: { 'Content-Type': CONTENT_TYPE },
    isRead: trackSlowReaders(),
    ...(given && { given }),
  };
  return requireToken(token, (request, response) => {
    send(request, response, text).catch((cause) => {
      reportFailure('answer a scrape', cause);
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'The metrics could not be collected; the log says why.\n');
    });
  });
}

/**
 * The scrape on a server of its own, where other paths are 404.
 * @param others what is answered under other paths; the scrape's own is the scrape's
 */
export function onPath(path: string, scrape: Handler, others: Readonly<Record<string, Handler>> = {}): Handler {
  const handlers = new Map(Object.entries({ ...others, [path]: scrape }));
  return (request, response) => {
    const handler = handlers.get(pathOf(request));
    if (handler !== undefined) handler(request, response);
    else answer(response, 404, `The metrics are at ${path}\n`);
  };
}
