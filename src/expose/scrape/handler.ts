import { reportFailure } from '../../base/guard.ts';
import type { MakeScrape } from '../../processes/scrape.ts';
import { requireToken } from './auth.ts';
import { answer, answerFailed, CONTENT_TYPE, type Handler, pathOf } from './http-handler.ts';
import { identifyScraper } from './identify-scraper.ts';
import { send } from './send.ts';
import { trackSlowReaders } from './slow-readers.ts';

/**
 * Answers a scrape.
 * @param token undefined serves every client
 */
export function createScrapeHandler(make: MakeScrape, token: string | undefined): Handler {
  const options = { headers: { 'Content-Type': CONTENT_TYPE }, slowReaders: trackSlowReaders() };
  return requireToken(token, (request, response) => {
    return send(request, response, { ...options, make: () => make(identifyScraper(request)) }).catch((cause) => {
      reportFailure('answer a scrape', cause);
      answerFailed(response);
    });
  });
}

/**
 * Routes the requests of the metrics server, with or without a slash at the end of the path; every other path is a 404.
 * @param others handlers by path; the scrape wins where they share one
 */
export function routeByPath(
  scrapePath: string,
  scrape: Handler,
  others: Readonly<Record<string, Handler>> = {},
): Handler {
  const all = Object.entries({ ...others, [scrapePath]: scrape });
  const handlers = new Map(all.map(([path, handler]) => [withoutSlash(path), handler]));
  return (request, response) => {
    const handler = handlers.get(withoutSlash(pathOf(request)));
    if (handler !== undefined) handler(request, response);
    else answer(response, 404, `The metrics are at ${scrapePath}\n`);
  };
}

const withoutSlash = (path: string): string => path.replace(/(?<=.)\/$/, '');
