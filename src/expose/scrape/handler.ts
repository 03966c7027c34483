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
 * Answers on the metrics server.
 * @param lenient handlers by path, which also answer where a slash follows the path; the scrape wins where they share one
 * @param exact   handlers by path, such as a page's, whose links would lead elsewhere from a path with a slash
 */
export function routeByPath(
  scrapePath: string,
  scrape: Handler,
  lenient: Readonly<Record<string, Handler>> = {},
  exact: Readonly<Record<string, Handler>> = {},
): Handler {
  const all = Object.entries({ ...lenient, [scrapePath]: scrape });
  const handlers = new Map(all.map(([path, handler]) => [withoutSlash(path), handler]));
  return (request, response) => {
    const path = pathOf(request);
    const handler = handlers.get(withoutSlash(path)) ?? exact[path];
    if (handler !== undefined) handler(request, response);
    else answer(response, 404, `The metrics are at ${scrapePath}\n`);
  };
}

const withoutSlash = (path: string): string => path.replace(/(?<=.)\/$/, '');
