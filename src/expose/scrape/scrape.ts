import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { getOrAdd } from '../../base/get-or-add.ts';
import { nextTurn } from '../../base/timers.ts';
import { forEachInTurns } from '../../base/yield.ts';
import type { HistogramKind } from '../../metrics/otel/histogram-form.ts';
import type { Acknowledge, Scrape } from '../../processes/scrape.ts';
import { type Format, TEXT } from './formats.ts';
import { Scrapers } from './scrapers.ts';

/** Metrics, and what to call once they were scraped. */
export interface CollectedMetrics {
  readonly metrics: ResourceMetrics;
  readonly acknowledge: Acknowledge;
}

/** Metrics, and what they are written as once somebody has asked for it. */
interface SharedScrape extends CollectedMetrics {
  pieces?: Promise<Buffer[]>;
}

/**
 * Makes scrapes of what `collect` returns. Requests that arrive while one is being made share it, if they want the same
 * format: it is as fresh as a new one would be, and a hundred scrapers cost as much as one. Only a scraper to which a series
 * is new gets its own.
 * @returns makes a scrape, of text by default
 */
export function createScraper(
  collect: (histograms: HistogramKind) => Promise<CollectedMetrics>,
): (scraper?: string, format?: Format) => Promise<Scrape> {
  const scrapers = new Scrapers();
  const running = new Map<Format, Promise<SharedScrape>>();
  let lastCollection: Promise<unknown> = Promise.resolve();
  const start = ({ histograms }: Format): Promise<SharedScrape> => {
    // One after another: what a process reports of itself is taken once.
    const shared = lastCollection.then(() => collect(histograms));
    lastCollection = shared.catch(() => {});
    return shared;
  };
  return async (id, format = TEXT) => {
    const mine = getOrAdd(running, format, () => start(format));
    try {
      const shared = await mine;
      const { metrics, acknowledge } = shared;
      const shown = scrapers.show(id, metrics.scopeMetrics);
      return {
        pieces: await (shown.scopes === metrics.scopeMetrics
          ? piecesOf(shared, format)
          : write({ ...metrics, scopeMetrics: shown.scopes }, format)),
        acknowledge() {
          acknowledge(shown.hidden);
          shown.acknowledge();
        },
      };
    } finally {
      if (running.get(format) === mine) running.delete(format);
    }
  };
}

function piecesOf(shared: SharedScrape, format: Format): Promise<Buffer[]> {
  shared.pieces ??= write(shared.metrics, format);
  return shared.pieces;
}

async function write(metrics: ResourceMetrics, format: Format): Promise<Buffer[]> {
  // Collecting many series takes a stretch of its own.
  await nextTurn();
  const pieces: Buffer[] = [];
  await forEachInTurns(format.write(metrics), (some) => pieces.push(...some));
  return pieces;
}
