import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { reportFailure } from '../config/log.ts';
import { turns } from '../metrics/turns.ts';
import { answer, forReaders } from './access.ts';
import { type Handler, pathOf } from './on-app.ts';
import { type Readers, readers } from './readers.ts';
import type { Scrape } from './scrape.ts';

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
  given: (pieces: readonly Buffer[]) => void = () => {},
): Handler {
  const isRead = readers();
  return forReaders(token, (request, response) => {
    send(request, response, scrape, isRead, given).catch((cause) => {
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

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  scrape: Scrape,
  isRead: Readers,
  given: (pieces: readonly Buffer[]) => void,
): Promise<void> {
  // Pipelined: nothing is made, nor kept, for it before its turn has come.
  if (response.socket === null) await once(response, 'socket');
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
  isRead(pieces, response);
  // Not before: it may be compressed for a while, and the process may end.
  response.once('finish', () => given(pieces));
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
