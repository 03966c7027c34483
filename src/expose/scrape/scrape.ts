import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { nextTurn } from '../../base/timers.ts';
import { createYielder } from '../../base/yield.ts';
import type { Scrape } from '../../processes/scrape.ts';
import { exposition } from './exposition.ts';

export type MakeScrape = () => Promise<Scrape>;

/** Metrics, and what to call once they were scraped. */
export interface CollectedMetrics {
  readonly metrics: ResourceMetrics;
  acknowledge(): void;
}

/**
 * Makes scrapes of what `collect` returns. Requests that arrive while one is being made share it: it is as fresh as a new
 * one would be, and a hundred scrapers cost as much as one.
 */
export function createScraper(collect: () => Promise<CollectedMetrics>): MakeScrape {
  let running: ReturnType<MakeScrape> | undefined;
  return () => {
    running ??= render(collect).finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function render(collect: () => Promise<CollectedMetrics>): Promise<Scrape> {
  const { metrics, acknowledge } = await collect();
  // Collecting many series takes a stretch of its own.
  await nextTurn();
  const pieces: Buffer[] = [];
  const yieldIfDue = createYielder();
  for (const text of exposition(metrics)) {
    pieces.push(Buffer.from(text));
    await yieldIfDue();
  }
  return { pieces, acknowledge };
}
