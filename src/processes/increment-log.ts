import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { Aggregate } from '../metrics/aggregate.ts';

/** So many of the last additions are kept apart: ten seconds of them, in which a scrape is made and heard of. */
const APART = 40;

interface Addition {
  readonly number: number;
  readonly given: readonly ScopeMetrics[];
}

const sum = () =>
  new Aggregate(
    () => undefined,
    (attributes) => attributes,
  );

/**
 * What this process counted and no scrape has shown yet, in the order it was taken from where it is counted. The next
 * owner begins with that and not with all that was ever counted, which Prometheus, seeing counters begin anew, would
 * count a second time. Every addition has a number, because a scrape shows what it was told until then and not what it
 * was told while its text was made.
 */
export class IncrementLog {
  /** Number of the last addition; 0 before the first. */
  last = 0;
  #recent: Addition[] = [];
  #before = sum();
  #beforeLast = 0;

  add(given: readonly ScopeMetrics[]): void {
    if (!given.some(({ metrics }) => metrics.length > 0)) return;
    this.#recent.push({ number: ++this.last, given });
    if (this.#recent.length <= APART) return;
    const [first, ...others] = this.#recent as [Addition, ...Addition[]];
    this.#before.add(first.given);
    this.#beforeLast = first.number;
    this.#recent = others;
  }

  /** As increments, which are somebody else's from now on. */
  take(): ScopeMetrics[] {
    const all = this.read();
    this.scraped(this.last);
    return all;
  }

  /** A scrape has shown all up to this number, or will without this process. */
  scraped(number: number): void {
    if (number >= this.#beforeLast) this.#before = sum();
    this.#recent = this.#recent.filter((addition) => addition.number > number);
  }

  /** As increments; they stay until they are scraped. @param after whoever was told up to this number */
  read(after = 0): ScopeMetrics[] {
    const found = this.#recent.filter(({ number }) => number > after);
    if (after >= this.#beforeLast && found.length < 2) return found.flatMap(({ given }) => given);
    const all = sum();
    if (after < this.#beforeLast) all.add(this.#before.read('delta'));
    for (const { given } of found) all.add(given);
    return all.read('delta');
  }
}
