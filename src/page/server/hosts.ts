import type { CallLabels } from '../../metrics/kinds.ts';
import type { Series } from '../../metrics/model.ts';
import { OTHER } from '../../semconv.ts';
import type { HostCounters } from '../protocol.ts';
import { CounterSet } from './counters.ts';

/** This many hosts are shown one by one; the rest is `other`. */
export const MAX_HOSTS = 20;
/**
 * A host keeps its place for this many intervals without a call, about a minute, so that the hosts of a crawler do not
 * fill the history with 20 others in each interval.
 */
const PATIENCE_INTERVALS = 12;

/** Outgoing calls by host, in the interval that is being filled. */
export class Hosts {
  readonly #counters = new Map<string, CounterSet>();
  /** Hosts that have a place, with the number of intervals since their last call. */
  readonly #idle = new Map<string, number>();

  add({ labels: { host, status }, count, sum, fine }: Series<CallLabels>): void {
    const name = this.#hasPlace(host) ? host : OTHER;
    let counters = this.#counters.get(name);
    if (counters === undefined) {
      counters = new CounterSet();
      this.#counters.set(name, counters);
    }
    counters.requests += count;
    // No answer at all is a failure too.
    if (status === undefined || status >= 500) counters.errors += count;
    counters.addTimes(sum, fine);
  }

  /** Returns what encodes the calls of this interval; then the next one begins. */
  take(): (() => HostCounters)[] {
    const taken = Array.from(this.#counters, ([host, counters]) => {
      const encode = counters.take();
      return (): HostCounters => [host, ...encode()];
    });
    for (const [host, idle] of this.#idle) {
      if (this.#counters.has(host)) this.#idle.set(host, 0);
      else if (idle < PATIENCE_INTERVALS) this.#idle.set(host, idle + 1);
      else this.#idle.delete(host);
    }
    this.#counters.clear();
    return taken;
  }

  #hasPlace(host: string): boolean {
    if (this.#idle.has(host)) return true;
    if (host === OTHER || this.#idle.size >= MAX_HOSTS) return false;
    this.#idle.set(host, 0);
    return true;
  }
}
