import type { ServerResponse } from 'node:http';
import { clearTimeout, setTimeout } from '../../base/timers.ts';

/** Longest time a client may take to read an answer. Prometheus gives up after the same time by default. */
const READ_TIMEOUT_MS = 10_000;
/** This many different texts are kept in memory for clients that still read them. */
const MAX_TEXTS = 16;

/** Tracks that a response sends a text. @param text the text, or a value that stands for all texts made of the same data */
export type SlowReaders = (text: unknown, response: ServerResponse) => void;

/**
 * Bounds the memory that slow clients hold, since each may hold a text of its own. A client is disconnected after a time,
 * or sooner when there are too many texts: then the clients of the oldest one are.
 */
export function trackSlowReaders(): SlowReaders {
  const readersByText = new Map<unknown, Set<ServerResponse>>();
  return (text, response) => {
    const readers = readersByText.get(text) ?? new Set();
    readersByText.set(text, readers.add(response));
    const timeout = setTimeout(() => response.destroy(), READ_TIMEOUT_MS).unref();
    response.once('close', () => {
      clearTimeout(timeout);
      readers.delete(response);
      if (readers.size === 0) readersByText.delete(text);
    });
    if (readersByText.size <= MAX_TEXTS) return;
    for (const [oldest, slow] of readersByText) {
      readersByText.delete(oldest);
      for (const each of slow) each.destroy();
      break;
    }
  };
}
