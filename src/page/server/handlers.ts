import { readFile } from 'node:fs/promises';
import { reportFailure } from '../../base/guard.ts';
import { answer, requireToken } from '../../expose/scrape/auth.ts';
import type { Handler } from '../../expose/scrape/on-app.ts';
import { send, type Text } from '../../expose/scrape/send.ts';
import { trackSlowReaders } from '../../expose/scrape/slow-readers.ts';

/** Where the page is; at the first of them only where the scrape is not. */
const PAGE_PATHS = ['/', '/page'] as const;
export const pagePath = (metricsPath: string): string => PAGE_PATHS[metricsPath === PAGE_PATHS[0] ? 1 : 0];
const DATA_PATH = '/page/data';

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

const ASSETS: Readonly<Record<string, readonly [file: string, type: string]>> = {
  ...Object.fromEntries(PAGE_PATHS.map((path) => [path, ['page.html', 'text/html; charset=utf-8'] as const])),
  '/page/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page/icon.svg': ['icon.svg', 'image/svg+xml'],
};

/**
 * What the metrics server answers for the page, by path. The page itself holds nothing of the service, so that it can
 * ask for the token; its data is behind it.
 * @param data  what is new after what was told last
 * @param slot  the last one: until the next, all answers are made of the same, and readers of one are readers of another
 */
export function pageHandlers(
  data: (after: string) => Buffer[],
  slot: () => number,
  token: string | undefined,
): Readonly<Record<string, Handler>> {
  const isRead = trackSlowReaders();
  const json = { ...HEADERS, 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
  const handlers: Record<string, Handler> = {
    [DATA_PATH]: textHandler(token, ({ url = '' }) => ({
      make: () => data(new URLSearchParams(url.slice(DATA_PATH.length)).get('after') ?? ''),
      headers: json,
      // Every page asks just after a slot has ended: each would be one text too many for the others.
      isRead: (_, response) => isRead(slot(), response),
    })),
  };
  for (const [path, [file, type]] of Object.entries(ASSETS)) {
    // Of this version, which another may follow at the same address.
    const headers = { ...HEADERS, 'Content-Type': type, 'Cache-Control': 'no-cache' };
    const make = once(async () => [await readFile(new URL(`../assets/${file}`, import.meta.url))]);
    handlers[path] = textHandler(undefined, () => ({ make, headers, isRead }));
  }
  return handlers;
}

/** Makes it once, for all; what failed is tried again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((cause) => {
      made = undefined;
      throw cause;
    });
    return made;
  };
}

function textHandler(token: string | undefined, textOf: (request: { readonly url?: string }) => Text): Handler {
  return requireToken(token, (request, response) => {
    // In a promise, so that whatever fails is answered.
    Promise.resolve()
      .then(() => send(request, response, textOf(request as { url: string })))
      .catch((cause) => {
        reportFailure('answer the live page', cause);
        if (response.headersSent) response.destroy();
        else answer(response, 500, 'The page could not be made; the log says why.\n');
      });
  });
}
