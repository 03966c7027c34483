import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { guard } from '../../base/guard.ts';
import { createYielder } from '../../base/yield.ts';
import type { SlowReaders } from './slow-readers.ts';

/** What is sent, in pieces. */
interface Content {
  readonly pieces: readonly Buffer[];
  /** In addition to those of the options. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called once a reader has received all of it. */
  acknowledge?(): void;
}

export interface SendOptions {
  /** Makes the content when its turn to be sent has come, not before. */
  readonly make: () => Promise<Content> | Content;
  readonly headers?: Readonly<Record<string, string>>;
  readonly slowReaders: SlowReaders;
}

/** Answers with a text, with gzip where the client accepts it, and yields to the app in between. */
export async function send(request: IncomingMessage, response: ServerResponse, options: SendOptions): Promise<void> {
  // A pipelined request waits for its turn: nothing is made or kept for it before.
  if (response.socket === null) await once(response, 'socket');
  const content = await options.make();
  const { pieces } = content;
  const gzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|\s|$))/i.test(String(request.headers['accept-encoding'] ?? ''));
  response.writeHead(200, {
    Vary: 'Accept-Encoding',
    ...options.headers,
    ...content.headers,
    ...(gzip
      ? { 'Content-Encoding': 'gzip' }
      : { 'Content-Length': pieces.reduce((sum, { length }) => sum + length, 0) }),
  });
  if (request.method === 'HEAD') return void response.end();
  options.slowReaders(pieces, response);
  // Not earlier: compressing takes a while, and the process may exit meanwhile.
  response.once('finish', () => guard('acknowledge a scrape', () => content.acknowledge?.()));
  const done = gzip ? pipeline(Readable.from(pieces), createGzip(), response) : write(pieces, response);
  // A reader that disconnects in the middle is no failure of ours.
  await done.catch((cause) => {
    if (!response.destroyed && !response.closed) throw cause;
  });
}

async function write(pieces: readonly Buffer[], response: ServerResponse): Promise<void> {
  const yieldIfDue = createYielder();
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await drained(response);
    await yieldIfDue();
  }
  response.end();
}

/** Resolves also when the connection closes, because it never drains after that. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
