import type { Attributes } from '@opentelemetry/api';
import { OTHER, SERVER_ADDRESS, STATUS_CODE } from '../semconv.ts';
import { type Distribution, distribution, observe } from './stream.ts';

/** So many hosts are told apart; what comes after is `other`. */
const MAX_HOSTS = 20;
/** For so many takes a host keeps its place without a call: a crawler's are not 20 others each time. */
const PATIENCE = 12;
/** A name in the DNS is not longer. What an app was told to call may be, and nobody takes it for a host. */
const LONGEST = 253;

/** What was called at one host since it was last asked; `failed` had no answer, or one of 500 and above. */
export interface HostCalls {
  readonly host: string;
  readonly calls: number;
  readonly failed: number;
  readonly seconds: number;
  readonly counts: readonly number[];
}

/**
 * Outgoing calls by host, counted beside the SDK's own histogram: reading that one costs as much as the app has
 * instruments, which nobody may several times a minute.
 */
export class OutgoingCalls {
  readonly #boundaries: readonly number[];
  readonly #hosts = new Map<string, Distribution & { failed: number }>();
  /** Hosts that have a place, with how many takes had no call of theirs. */
  readonly #places = new Map<string, number>();

  constructor(boundaries: readonly number[]) {
    this.#boundaries = boundaries;
  }

  record(seconds: number, attributes: Attributes): void {
    const named = String(attributes[SERVER_ADDRESS] ?? OTHER);
    const host = this.#hasPlace(named) ? named : OTHER;
    let calls = this.#hosts.get(host);
    if (calls === undefined) {
      calls = { ...distribution({}, this.#boundaries), failed: 0 };
      this.#hosts.set(host, calls);
    }
    const status = attributes[STATUS_CODE];
    if (status === undefined || Number(status) >= 500) calls.failed++;
    // Upstream's clock is one that an app may have replaced: a time that is none would spoil the sum.
    observe(calls, this.#boundaries, seconds >= 0 ? seconds : 0);
  }

  /** What was not taken yet. */
  take(): HostCalls[] {
    const taken = Array.from(this.#hosts, ([host, { count, failed, sum, counts }]) => ({
      host,
      calls: count,
      failed,
      seconds: sum,
      counts,
    }));
    for (const [host, silent] of this.#places) {
      if (this.#hosts.has(host)) this.#places.set(host, 0);
      else if (silent < PATIENCE) this.#places.set(host, silent + 1);
      else this.#places.delete(host);
    }
    this.#hosts.clear();
    return taken;
  }

  #hasPlace(host: string): boolean {
    if (this.#places.has(host)) return true;
    if (this.#places.size >= MAX_HOSTS || host.length > LONGEST) return false;
    this.#places.set(host, 0);
    return true;
  }
}
