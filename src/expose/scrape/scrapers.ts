import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { now } from '../../base/clock.ts';
import { getOrAdd } from '../../base/get-or-add.ts';
import type { RequestLabels } from '../../metrics/kinds.ts';
import { hideFirstErrors, zeroOf } from '../first-errors.ts';

/** A scraper that was silent for this long is forgotten. Prometheus too takes a series as ended then. */
const FORGET_SCRAPER_MS = 5 * 60_000;
/** More scrapers than these get every value at once. */
const MAX_SCRAPERS = 32;

/**
 * @property known  series that it has received
 * @property begun  series that it has received as 0, and not yet with a value
 */
interface Scraper {
  readonly known: Set<string>;
  readonly begun: Set<string>;
  lastSeen: number;
}

export interface ShownScopes {
  /** What was given, where nothing in it is new to the scraper. */
  readonly scopes: ScopeMetrics[];
  /** Requests that are shown as 0. */
  readonly hidden: readonly RequestLabels[];
  /** To be called once the scraper has received it. */
  acknowledge(): void;
}

/**
 * What each scraper gets of the series that count failures: 0 first. Each scraper has a memory of its own, because one of
 * a pair of Prometheus servers must not use up the 0 of the other. But what any scraper was shown with its value is never
 * 0 again: a Prometheus that returns with another address would count it twice.
 */
export class Scrapers {
  readonly #scrapers = new Map<string, Scraper>();
  /** Series whose value a scraper has received. */
  readonly #valued = new Set<string>();
  /** The same, by client: one scraper may use several connections, and each of them would see the 0. */
  readonly #valuedByClient = new Map<string, Set<string>>();
  /** When each series was first received as 0. */
  readonly #begun = new Map<string, number>();

  /** @param id  of the scraper; undefined for other clients, such as a person, who get every value at once */
  show(id: string | undefined, scopes: ScopeMetrics[]): ShownScopes {
    const scraper = id === undefined ? undefined : this.#find(id);
    if (id === undefined || scraper === undefined) return { scopes, hidden: [], acknowledge() {} };
    const valued = getOrAdd(this.#valuedByClient, clientOf(id), () => new Set<string>());
    for (const key of valued) scraper.known.add(key);
    const { scopes: shown, hidden } = hideFirstErrors(scopes, scraper.known, (point) => [zeroOf(point)]);
    const withValue = [...scraper.begun];
    const acknowledge = () => {
      for (const key of withValue) {
        scraper.begun.delete(key);
        this.#valued.add(key);
        valued.add(key);
      }
      for (const { key } of hidden) {
        scraper.known.add(key);
        scraper.begun.add(key);
        if (!this.#begun.has(key)) this.#begun.set(key, now());
      }
    };
    const requests = hidden.map(({ labels }) => labels).filter((labels) => labels !== undefined);
    return { scopes: shown, hidden: requests, acknowledge };
  }

  #find(id: string): Scraper | undefined {
    const time = now();
    for (const [other, { lastSeen }] of this.#scrapers) {
      if (time - lastSeen > FORGET_SCRAPER_MS) this.#scrapers.delete(other);
    }
    const clients = new Set([...this.#scrapers.keys()].map(clientOf));
    for (const client of this.#valuedByClient.keys()) if (!clients.has(client)) this.#valuedByClient.delete(client);
    const known = this.#scrapers.get(id);
    if (known !== undefined) {
      known.lastSeen = time;
      return known;
    }
    if (this.#scrapers.size >= MAX_SCRAPERS) return undefined;
    // Clients that have another name at each scrape would otherwise get 0 for ever.
    const old = [...this.#begun].filter(([, since]) => time - since > FORGET_SCRAPER_MS).map(([key]) => key);
    const scraper = { known: new Set([...this.#valued, ...old]), begun: new Set<string>(), lastSeen: time };
    this.#scrapers.set(id, scraper);
    return scraper;
  }
}

/** An id is the client and the number of its connection. */
const clientOf = (id: string): string => id.slice(0, id.lastIndexOf(' '));
