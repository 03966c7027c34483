import { reportFailure } from '../../base/guard.ts';
import { lazy } from '../../base/lazy.ts';
import { requireToken } from '../../expose/scrape/auth.ts';
import { answer, type Handler } from '../../expose/scrape/http-handler.ts';
import { type SendOptions, send } from '../../expose/scrape/send.ts';
import { trackSlowReaders } from '../../expose/scrape/slow-readers.ts';

/** Paths of the page. The first one is not the page where the scrape has it. */
const PAGE_PATHS = ['/', '/page'] as const;
export const pagePath = (metricsPath: string): string => PAGE_PATHS[metricsPath === PAGE_PATHS[0] ? 1 : 0];
const DATA_PATH = '/page/data';

/** Nothing from other origins, nothing inline, no frames. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The built files of the page, as text: there is no file beside a bundle. scripts/page.mjs writes this module. */
const files = lazy<{ FILES: Readonly<Record<string, string>> }>(() => require('./page-files.js'));

const ASSETS: Readonly<Record<string, readonly [file: string, type: string]>> = {
  ...Object.fromEntries(PAGE_PATHS.map((path) => [path, ['page.html', 'text/html; charset=utf-8'] as const])),
  '/page/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page/icon.svg': ['icon.svg', 'image/svg+xml'],
};

export interface PageHandlersOptions {
  /** The data that is new after what `after` names. */
  readonly data: (after: string) => Buffer[];
  readonly lastInterval: () => number;
  readonly token: string | undefined;
}

/**
 * The handlers of the page, by path. The page itself holds nothing of the service, so that it loads without the token
 * and can ask for it; the data needs the token.
 */
export function createPageHandlers({
  data,
  lastInterval,
  token,
}: PageHandlersOptions): Readonly<Record<string, Handler>> {
  const slowReaders = trackSlowReaders();
  const json = { ...HEADERS, 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
  const handlers: Record<string, Handler> = {
    [DATA_PATH]: contentHandler(token, (url) => ({
      make: () => ({ pieces: data(new URLSearchParams(url.slice(DATA_PATH.length)).get('after') ?? '') }),
      headers: json,
      // All pages ask just after an interval has ended. Their answers are made of the same data, so they count as one text.
      slowReaders: (_, response) => slowReaders(lastInterval(), response),
    })),
  };
  for (const [path, [file, type]] of Object.entries(ASSETS)) {
    // Another version may be served at the same address later.
    const headers = { ...HEADERS, 'Content-Type': type, 'Cache-Control': 'no-cache' };
    const make = lazy(() => ({ pieces: [Buffer.from(files().FILES[file] as string)] }));
    handlers[path] = contentHandler(undefined, () => ({ make, headers, slowReaders }));
  }
  return handlers;
}

function contentHandler(token: string | undefined, optionsFor: (url: string) => SendOptions): Handler {
  return requireToken(token, (request, response) => {
    // In a promise, so that a failure of any kind is answered.
    Promise.resolve()
      .then(() => send(request, response, optionsFor(request.url ?? '')))
      .catch((cause) => {
        reportFailure('answer the live page', cause);
        if (response.headersSent) response.destroy();
        else answer(response, 500, 'Failed to make the page; the log of the application has the cause.\n');
      });
  });
}
