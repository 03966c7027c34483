import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { Merged } from '../metrics/merged.ts';

const sum = () =>
  new Merged(
    () => undefined,
    (attributes) => attributes,
  );

/**
 * What this process gave to the owner and no scrape has shown yet. The next owner begins with that and not with all that
 * was ever counted, which Prometheus, seeing counters begin anew, would count a second time.
 */
export class Unscraped {
  #asked = sum();
  #since = sum();
  #question: number | undefined;

  add(given: readonly ScopeMetrics[]): void {
    this.#since.add(given);
  }

  /** All that was added so far is the answer to this question, or to one before. */
  answered(question: number): void {
    this.#asked.add(this.#since.read('delta'));
    this.#since = sum();
    this.#question = question;
  }

  /** The answer to this question has been scraped. */
  scraped(question: number): void {
    if (question === this.#question) this.#asked = sum();
  }

  /** As increments; it stays until it is scraped. */
  read(): ScopeMetrics[] {
    const all = sum();
    for (const part of [this.#asked, this.#since]) all.add(part.read('delta'));
    return all.read('delta');
  }

  /** As increments, which are somebody else's from now on. */
  take(): ScopeMetrics[] {
    const all = this.read();
    this.#asked = sum();
    this.#since = sum();
    return all;
  }
}
