import type { ServerResponse } from 'node:http';
import { clearTimeout, setTimeout } from 'node:timers';

/** Longest time, in milliseconds, that an answer may take to be read; after as long Prometheus gives up by default. */
const READ_WITHIN = 10_000;
/** So many different texts are kept for whoever still reads them. */
const MAX_TEXTS = 16;

/** Keeps track of who reads what. @param text it itself, or what stands for it where several are made of the same */
export type SlowReaders = (text: unknown, response: ServerResponse) => void;

/**
 * Each connection that reads slowly, or not at all, holds a text of its own. Here it loses it after a time, and before
 * that where there are too many: then whoever reads the oldest is left.
 */
export function trackSlowReaders(): SlowReaders {
  const byText = new Map<unknown, Set<ServerResponse>>();
  return (text, response) => {
    const reading = byText.get(text) ?? new Set();
    byText.set(text, reading.add(response));
    const late = setTimeout(() => response.destroy(), READ_WITHIN).unref();
    response.once('close', () => {
      clearTimeout(late);
      reading.delete(response);
      if (reading.size === 0) byText.delete(text);
    });
    if (byText.size <= MAX_TEXTS) return;
    for (const [oldest, left] of byText) {
      byText.delete(oldest);
      for (const each of left) each.destroy();
      break;
    }
  };
}
