import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { nextTurn } from '../../base/timers.ts';
import { createYielder } from '../../base/yield.ts';
import type { Acknowledge, MakeScrape } from '../../processes/scrape.ts';
import { exposition } from './exposition.ts';
import { Scrapers } from './scrapers.ts';

/** Metrics, and what to call once they were scraped. */
export interface CollectedMetrics {
  readonly metrics: ResourceMetrics;
  readonly acknowledge: Acknowledge;
}

/** Metrics, and their text once somebody has asked for it. */
interface SharedScrape extends CollectedMetrics {
  text?: Promise<Buffer[]>;
}

/**
 * Makes scrapes of what `collect` returns. Requests that arrive while one is being made share it: it is as fresh as a new
 * one would be, and a hundred scrapers cost as much as one. Only a scraper to which a series is new gets its own text.
 */
export function createScraper(collect: () => Promise<CollectedMetrics>): MakeScrape {
  const scrapers = new Scrapers();
  let running: Promise<SharedScrape> | undefined;
  return async (id) => {
    running ??= collect();
    const mine = running;
    try {
      const shared = await mine;
      const { metrics, acknowledge } = shared;
      const shown = scrapers.show(id, metrics.scopeMetrics);
      return {
        pieces: await (shown.scopes === metrics.scopeMetrics
          ? textOf(shared)
          : write({ ...metrics, scopeMetrics: shown.scopes })),
        acknowledge() {
          acknowledge(shown.hidden);
          shown.acknowledge();
        },
      };
    } finally {
      if (running === mine) running = undefined;
    }
  };
}

function textOf(shared: SharedScrape): Promise<Buffer[]> {
  shared.text ??= write(shared.metrics);
  return shared.text;
}

async function write(metrics: ResourceMetrics): Promise<Buffer[]> {
  // Collecting many series takes a stretch of its own.
  await nextTurn();
  const pieces: Buffer[] = [];
  const yieldIfDue = createYielder();
  for (const text of exposition(metrics)) {
    pieces.push(Buffer.from(text));
    await yieldIfDue();
  }
  return pieces;
}
