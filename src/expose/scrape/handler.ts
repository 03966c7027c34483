import { reportFailure } from '../../base/guard.ts';
import type { MakeScrape } from '../../processes/scrape.ts';
import { answer, requireToken } from './auth.ts';
import { identifyScraper } from './identify-scraper.ts';
import { type Handler, pathOf } from './on-app.ts';
import { send } from './send.ts';
import { trackSlowReaders } from './slow-readers.ts';

/** The text format that Prometheus negotiates. Prometheus 3 refuses a scrape without a version. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Answers a scrape.
 * @param token undefined serves every client
 */
export function createScrapeHandler(make: MakeScrape, token: string | undefined): Handler {
  const options = { headers: { 'Content-Type': CONTENT_TYPE }, slowReaders: trackSlowReaders() };
  return requireToken(token, (request, response) => {
    send(request, response, { ...options, make: () => make(identifyScraper(request)) }).catch((cause) => {
      reportFailure('answer a scrape', cause);
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'Failed to collect the metrics; the log of the application has the cause.\n');
    });
  });
}

/**
 * Routes the requests of the metrics server; every other path is a 404.
 * @param others handlers by path; the scrape wins where they share one
 */
export function routeByPath(
  scrapePath: string,
  scrape: Handler,
  others: Readonly<Record<string, Handler>> = {},
): Handler {
  const handlers = new Map(Object.entries({ ...others, [scrapePath]: scrape }));
  return (request, response) => {
    const handler = handlers.get(pathOf(request));
    if (handler !== undefined) handler(request, response);
    else answer(response, 404, `The metrics are at ${scrapePath}\n`);
  };
}
