import { getOrAdd } from '../../base/get-or-add.ts';
import type { Counts } from '../../metrics/model.ts';
import type { CalledCounters } from '../protocol.ts';
import { CounterSet } from './counters.ts';
import { Places } from './places.ts';

/** This many hosts are shown one by one; the rest is `other`. */
export const MAX_HOSTS = 20;
/** Of databases, each with an operation. */
export const MAX_DATABASE_CALLS = 40;

/** Outgoing calls by what was called, in the interval that is being filled. */
export class Called {
  readonly #counters = new Map<string, CounterSet>();
  readonly #places: Places;

  /** @param max this many are shown one by one */
  constructor(max: number) {
    this.#places = new Places(max);
  }

  /** @param isFailure whether these calls failed */
  add(called: string, { count, sum, fine }: Counts, isFailure = false): void {
    const counters = getOrAdd(this.#counters, this.#places.nameFor(called), () => new CounterSet());
    counters.requests += count;
    if (isFailure) counters.errors += count;
    counters.addTimes(sum, fine);
  }

  /** Returns what encodes the calls of this interval; then the next one begins. */
  take(): (() => CalledCounters)[] {
    const taken = Array.from(this.#counters, ([called, counters]) => {
      const encode = counters.take();
      return (): CalledCounters => [called, ...encode()];
    });
    this.#places.endInterval(this.#counters);
    this.#counters.clear();
    return taken;
  }
}
