import { now } from './base/clock.ts';
import type { RequestRecord } from './requests/request-record.ts';

interface UnlinkedScrape {
  readonly method: string;
  readonly path: string;
  readonly startMs: number;
}

/** A scrape whose request has not ended by then was no request to a server of this process. */
const EXPECT_MS = 60_000;

/**
 * Scrapes that arrived as a web `Request` from which Node's request cannot be reached, as in the route handlers of
 * Next.js. The request is recognised when it ends, by its method and path.
 */
export class UnlinkedScrapes {
  readonly #expected = new Set<UnlinkedScrape>();

  /** Number of requests that are still to end. */
  get size(): number {
    return this.#expected.size;
  }

  expect(method: string, url: string): void {
    this.#expected.add({ method, path: withoutQuery(url), startMs: now() });
  }

  /** @returns whether a request that has ended was one of them; it is not expected any more then */
  take({ method, url }: RequestRecord): boolean {
    const path = withoutQuery(url);
    for (const scrape of this.#expected) {
      if (now() - scrape.startMs > EXPECT_MS) this.#expected.delete(scrape);
      // An app that is mounted in another one sees only the end of the path.
      else if (scrape.method === method && path.endsWith(scrape.path)) return this.#expected.delete(scrape);
    }
    return false;
  }
}

const withoutQuery = (url: string): string => url.split('?', 1)[0] as string;
