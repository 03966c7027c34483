import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { reportFailure } from '../config/log.ts';
import { type Handler, pathOf } from './on-app.ts';
import { type Scrape, turns } from './scrape.ts';

/** The text format Prometheus negotiates; without a version it refuses to guess. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Answers a scrape: 401 without the token, 405 for anything but GET and HEAD, gzip when asked for.
 * @param token undefined lets everyone in
 */
export function scrapeHandler(scrape: Scrape, token: string | undefined): Handler {
  return (request, response) => {
    if (token !== undefined && !bears(request, token)) {
      return answer(response, 401, 'A bearer token is needed.\n', { 'WWW-Authenticate': 'Bearer' });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(response, 405, 'Only GET and HEAD are answered here.\n', { Allow: 'GET, HEAD' });
    }
    send(request, response, scrape).catch((cause) => {
      reportFailure('answer a scrape', cause);
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'The metrics could not be collected; the log says why.\n');
    });
  };
}

/** As `scrapeHandler`, on a server of its own where other paths are 404. */
export function onPath(path: string, handler: Handler): Handler {
  return (request, response) => {
    if (pathOf(request) === path) handler(request, response);
    else answer(response, 404, `The metrics are at ${path}\n`);
  };
}

function answer(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

/** By digests, which are of one length: the time it takes tells nothing about the token. */
function bears(request: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(token));
}

async function send(request: IncomingMessage, response: ServerResponse, scrape: Scrape): Promise<void> {
  const pieces = await scrape();
  const gzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|\s|$))/i.test(String(request.headers['accept-encoding'] ?? ''));
  response.writeHead(200, {
    'Content-Type': CONTENT_TYPE,
    Vary: 'Accept-Encoding',
    ...(gzip
      ? { 'Content-Encoding': 'gzip' }
      : { 'Content-Length': pieces.reduce((sum, { length }) => sum + length, 0) }),
  });
  if (request.method === 'HEAD') return void response.end();
  const done = gzip ? pipeline(Readable.from(pieces), createGzip(), response) : write(pieces, response);
  // A scraper that leaves in the middle is its own business.
  await done.catch((cause) => {
    if (!response.destroyed && !response.closed) throw cause;
  });
}

async function write(pieces: readonly Buffer[], response: ServerResponse): Promise<void> {
  const turn = turns();
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
    await turn();
  }
  response.end();
}

/** Or closed: nobody is left to write to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
