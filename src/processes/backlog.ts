import type { Increments } from '../metrics/increments.ts';
import type { Kinds } from '../metrics/kinds.ts';
import { IncrementLog } from './increment-log.ts';
import type { Acknowledge } from './scrape.ts';

/**
 * More logs than these are added up: followers may come and go for days while nothing is scraped. A scrape that is
 * acknowledged later no longer covers a log that was added up, so this is more than leave during one scrape.
 */
const MAX_DEPARTED_LOGS = 200;

/**
 * Increments in no acknowledged scrape that only the leader can hand over to its successor: its own, and those of
 * followers that are gone.
 */
export class Backlog {
  readonly #own: IncrementLog;
  /** One for each follower that is gone: a scrape that was made before it left may still be acknowledged. */
  #departed: IncrementLog[] = [];

  constructor(kinds: Kinds) {
    this.#own = new IncrementLog(kinds);
  }

  add(increments: Increments): void {
    this.#own.add(increments);
  }

  /** @param log what a follower that is gone has sent */
  addDeparted(log: IncrementLog): void {
    this.#departed.push(log);
    if (this.#departed.length > MAX_DEPARTED_LOGS) this.#own.add((this.#departed.shift() as IncrementLog).take());
  }

  /** For a scrape that contains all of it. @returns to be called once a scraper has received it */
  prepareAcknowledge(): Acknowledge {
    const logs = [this.#own, ...this.#departed].map((log) => ({ log, upTo: log.lastNumber }));
    return (except) => {
      for (const { log, upTo } of logs) log.acknowledge(upTo, except);
      this.#departed = this.#departed.filter((log) => !log.isEmpty);
    };
  }

  read(): Increments {
    for (const log of this.#departed.splice(0)) this.#own.add(log.take());
    return this.#own.read();
  }
}
