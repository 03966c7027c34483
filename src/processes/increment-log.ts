import { now } from '../base/clock.ts';
import { hasIncrements, IncrementSum, type Increments } from '../metrics/increments.ts';
import type { Kinds, RequestLabels } from '../metrics/kinds.ts';
import type { Series } from '../metrics/model.ts';

/** The last additions that are kept one by one, as long as a scrape may take until it is acknowledged. */
const RECENT_ADDITIONS = 40;
const RECENT_MS = 10_000;
/** So that a single addition never adds up those of ten seconds. */
const MAX_SUMMED_AT_ONCE = 2;

interface Addition {
  readonly number: number;
  readonly at: number;
  readonly increments: Increments;
}

/**
 * Increments that no acknowledged scrape contains, in the order in which they were counted. The next leader begins with
 * these and not with everything that was ever counted: its counters start anew, and Prometheus would count the rest a
 * second time. Each addition has a number, because a scrape contains the additions before it was made, and not those
 * that arrive while its text is written.
 */
export class IncrementLog {
  /** Number of the last addition; 0 before the first. */
  lastNumber = 0;
  #recent: Addition[] = [];
  /** The sum of all additions before the recent ones, and the number of the last of them. */
  #older: IncrementSum;
  #olderNumber = 0;
  #hasOlder = false;
  readonly #kinds: Kinds;

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
    this.#older = new IncrementSum(kinds);
  }

  get isEmpty(): boolean {
    return this.#recent.length === 0 && !this.#hasOlder;
  }

  add(increments: Increments): void {
    if (!hasIncrements(increments)) return;
    const at = now();
    this.#recent.push({ number: ++this.lastNumber, at, increments });
    const spare = Math.min(this.#recent.length - RECENT_ADDITIONS, MAX_SUMMED_AT_ONCE);
    const old = this.#recent.slice(0, Math.max(0, spare)).filter((each) => at - each.at > RECENT_MS);
    for (const { number, increments: summed } of old) {
      this.#older.add(summed);
      this.#olderNumber = number;
      this.#hasOlder = true;
    }
    if (old.length > 0) this.#recent = this.#recent.slice(old.length);
  }

  /** Removes all increments and returns them. */
  take(): Increments {
    const all = this.read();
    this.acknowledge(this.lastNumber);
    return all;
  }

  /**
   * Removes the additions up to this number: a scrape has shown them, or another process passes them on.
   * @param except  requests that the scrape has shown as 0. They stay until a scrape has their value
   */
  acknowledge(upTo: number, except: readonly RequestLabels[] = []): void {
    if (upTo < this.#olderNumber) return;
    const kept = except.length === 0 ? [] : this.#readUpTo(upTo, except);
    this.#older = new IncrementSum(this.#kinds);
    this.#older.add({ series: { requests: kept }, instruments: [] });
    this.#olderNumber = upTo;
    this.#hasOlder = kept.length > 0;
    this.#recent = this.#recent.filter(({ number }) => number > upTo);
  }

  #readUpTo(upTo: number, only: readonly RequestLabels[]): Series<RequestLabels>[] {
    const recent = this.#recent.filter(({ number }) => number <= upTo).map(({ increments }) => increments);
    const names = Object.keys(this.#kinds.requests.labels);
    return [this.#older.read(), ...recent]
      .flatMap(({ series }) => series.requests ?? [])
      .filter(({ labels }) => only.some((each) => isSameRequest(each, labels, names)));
  }

  /** The sum of the additions after this number. They stay until they are acknowledged. */
  read(after = 0): Increments {
    const found = this.#recent.filter(({ number }) => number > after);
    const [only] = found;
    if (after >= this.#olderNumber && found.length === 1 && only !== undefined) return only.increments;
    const sum = new IncrementSum(this.#kinds);
    if (after < this.#olderNumber) sum.add(this.#older.read());
    for (const { increments } of found) sum.add(increments);
    return sum.read();
  }
}

/** Not by the details, because what was shown under the default names has none. */
const isSameRequest = (a: RequestLabels, b: RequestLabels, names: readonly string[]): boolean =>
  names.every((name) => name === 'details' || a[name] === b[name]);
