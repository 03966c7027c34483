import { now } from './base/clock.ts';
import { requestPath } from './base/request-path.ts';
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
    this.#forgetOld();
    this.#expected.add({ method, path: requestPath(url), startMs: now() });
  }

  /** @returns whether a request that has ended was one of them; it is not expected any more then */
  take({ method, url }: RequestRecord): boolean {
    this.#forgetOld();
    const path = requestPath(url);
    for (const scrape of this.#expected) {
      // An app that is mounted in another one sees only the end of the path.
      const isSame = scrape.path === '/' ? path === '/' : path.endsWith(scrape.path);
      if (scrape.method === method && isSame) return this.#expected.delete(scrape);
    }
    return false;
  }

  #forgetOld(): void {
    for (const scrape of this.#expected) {
      if (now() - scrape.startMs <= EXPECT_MS) return;
      this.#expected.delete(scrape);
    }
  }
}
