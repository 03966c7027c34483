import { reportFailure } from '../../base/guard.ts';
import type { Scrape } from '../../processes/scrape.ts';
import { requireToken } from './auth.ts';
import { answer, answerFailed, CONTENT_TYPE, type Handler, pathOf } from './http-handler.ts';
import { identifyScraper } from './identify-scraper.ts';
import { send } from './send.ts';
import { trackSlowReaders } from './slow-readers.ts';

/** @property contentType  of the format that was negotiated; where nothing was, it is text */
interface NegotiatedScrape extends Scrape {
  readonly contentType?: string;
}

/**
 * Answers a scrape.
 * @param make  gets who scrapes, and the header `Accept`
 * @param token undefined serves every client
 */
export function createScrapeHandler(
  make: (scraper: string | undefined, accept: string | undefined) => Promise<NegotiatedScrape>,
  token: string | undefined,
): Handler {
  const slowReaders = trackSlowReaders();
  return requireToken(token, (request, response) => {
    const makeContent = async () => {
      const { contentType, ...content } = await make(identifyScraper(request), request.headers.accept);
      const headers = {
        'Content-Type': contentType ?? CONTENT_TYPE,
        Vary: contentType === undefined ? 'Accept-Encoding' : 'Accept, Accept-Encoding',
      };
      return { ...content, headers };
    };
    return send(request, response, { make: makeContent, slowReaders }).catch((cause) => {
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
