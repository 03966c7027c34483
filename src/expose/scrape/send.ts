import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createYielder } from '../../base/yield.ts';
import type { SlowReaders } from './slow-readers.ts';

export interface Text {
  /** Makes it, in pieces; not before it is its turn to be sent. */
  readonly make: () => Promise<readonly Buffer[]> | readonly Buffer[];
  readonly headers: Readonly<Record<string, string>>;
  readonly isRead: SlowReaders;
  /** Told once it has been sent as a whole. */
  readonly given?: (pieces: readonly Buffer[]) => void;
}

/** Answers with a text, with gzip when asked for, and lets the app run in between. */
export async function send(request: IncomingMessage, response: ServerResponse, text: Text): Promise<void> {
  // Pipelined: nothing is made, nor kept, for it before its turn has come.
  if (response.socket === null) await once(response, 'socket');
  const pieces = await text.make();
  const gzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|\s|$))/i.test(String(request.headers['accept-encoding'] ?? ''));
  response.writeHead(200, {
    ...text.headers,
    Vary: 'Accept-Encoding',
    ...(gzip
      ? { 'Content-Encoding': 'gzip' }
      : { 'Content-Length': pieces.reduce((sum, { length }) => sum + length, 0) }),
  });
  if (request.method === 'HEAD') return void response.end();
  text.isRead(pieces, response);
  // Not before: it may be compressed for a while, and the process may end.
  response.once('finish', () => text.given?.(pieces));
  const done = gzip ? pipeline(Readable.from(pieces), createGzip(), response) : write(pieces, response);
  // A reader that leaves in the middle is its own business.
  await done.catch((cause) => {
    if (!response.destroyed && !response.closed) throw cause;
  });
}

async function write(pieces: readonly Buffer[], response: ServerResponse): Promise<void> {
  const turn = createYielder();
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
