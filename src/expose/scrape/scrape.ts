import { setImmediate } from 'node:timers/promises';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { createYielder } from '../../base/yield.ts';
import { exposition } from './exposition.ts';

/** A scrape: the whole text, in pieces. */
export type Scrape = () => Promise<readonly Buffer[]>;

/**
 * Makes scrapes of what `collect` gives. Those that come while one is being made share it: it is as fresh as their own
 * would be, and a hundred scrapers cost what one does.
 * @param made told of each, once its text is whole
 */
export function scraper(
  collect: () => Promise<ResourceMetrics>,
  made: (pieces: readonly Buffer[]) => void = () => {},
): Scrape {
  let running: Promise<readonly Buffer[]> | undefined;
  return () => {
    running ??= render(collect)
      .then((pieces) => {
        made(pieces);
        return pieces;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
}

async function render(collect: () => Promise<ResourceMetrics>): Promise<readonly Buffer[]> {
  const metrics = await collect();
  // Collecting many series is a stretch of its own.
  await setImmediate();
  const pieces: Buffer[] = [];
  const turn = createYielder();
  for (const text of exposition(metrics)) {
    pieces.push(Buffer.from(text));
    await turn();
  }
  return pieces;
}
