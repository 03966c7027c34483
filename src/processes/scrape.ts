import type { RequestLabels } from '../metrics/kinds.ts';

/**
 * To be called once a client has received all of a scrape: then no other process reports these increments again.
 * @param except  requests that it was shown as 0, so that they must be reported again
 */
export type Acknowledge = (except?: readonly RequestLabels[]) => void;

/** @param scraper  who asked for it; undefined for a client that is no scraper */
export type MakeScrape = (scraper?: string) => Promise<Scrape>;

/** One scrape: the exposition in pieces. */
export interface Scrape {
  readonly pieces: readonly Buffer[];
  /** To be called once a client has received all of it: then no other process reports these increments again. */
  acknowledge(): void;
}
