import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { exposition } from './exposition.ts';

/** Other work of the app gets its turn after so many milliseconds. */
const STRETCH = 4;

/** A scrape: the whole text, in pieces. */
export type Scrape = () => Promise<readonly Buffer[]>;

/**
 * Makes scrapes of what `collect` gives. Those that come while one is being made share it: it is as fresh as their own
 * would be, and a hundred scrapers cost what one does.
 */
export function scraper(collect: () => Promise<ResourceMetrics>): Scrape {
  let running: Promise<readonly Buffer[]> | undefined;
  return () => {
    running ??= render(collect).finally(() => {
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
  const turn = turns();
  for (const text of exposition(metrics)) {
    pieces.push(Buffer.from(text));
    await turn();
  }
  return pieces;
}

/** @returns to be awaited between pieces of work: lets others run, when a stretch is over */
export function turns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < STRETCH) return undefined;
    return setImmediate().then(() => {
      since = performance.now();
    });
  };
}
