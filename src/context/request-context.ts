import { now, readIdle } from '../base/clock.ts';
import { getOrAdd } from '../base/get-or-add.ts';

/**
 * What some calls of a request took of its time.
 * @property on    what was called: a host, or the system and host of a database. Replaced where only the answer tells it
 * @property isKnown whether `on` was final when it started; else this is of one call, until that ends
 * @property open  calls that have not ended
 * @property ms    final once the request has ended
 */
export class SpentOn {
  readonly request: RequestContext;
  on: string;
  readonly isKnown: boolean;
  open = 0;
  ms = 0;

  constructor(request: RequestContext, on: string, isKnown: boolean) {
    this.request = request;
    this.on = on;
    this.isKnown = isKnown;
  }

  /** One of the calls ends. @param at on the clock of `now()` */
  callEnds(at: number): void {
    this.request.callEnds(this, at);
  }
}

/**
 * What a request waits for, from its arrival to its end. While calls are open, the time is shared equally among them. The
 * rest is code while the event loop was busy, and unseen while it idled.
 *
 * The share of each call grows at the same pace, so it is one number for all: how much a call has got that was open since
 * the arrival. A call takes the difference between its end and its start. So a call costs the same however many are open.
 */
export class RequestContext {
  /** Nothing else of the request is kept here: what the app creates in it, such as a pooled connection, keeps this object. */
  #isOpen = true;
  #at: number;
  #idleAt = readIdle();
  #open = 0;
  #shareMs = 0;
  #calledMs = 0;
  /** By what was called; an open call of which that is not known yet, by itself. */
  #calls: Map<unknown, SpentOn> | undefined = undefined;
  /** Final once the request has ended. */
  unseenMs = 0;
  codeMs = 0;

  /** @param start of the request, on the clock of `now()` */
  constructor(start = now()) {
    this.#at = start;
  }

  /** Whether the request has not ended. Later calls are nobody's. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** What the calls took, once the request has ended. */
  get calls(): Iterable<SpentOn> {
    return this.#calls?.values() ?? [];
  }

  /**
   * @param isKnown whether `on` is final
   * @returns what is told when the call ends; undefined where the request has ended
   */
  callStarts(on: string, at: number, isKnown = true): SpentOn | undefined {
    if (!this.#isOpen) return undefined;
    this.#advance(at);
    this.#calls ??= new Map();
    let spent = isKnown ? this.#calls.get(on) : undefined;
    if (spent === undefined) {
      spent = new SpentOn(this, on, isKnown);
      this.#calls.set(isKnown ? on : spent, spent);
    }
    spent.open++;
    spent.ms -= this.#shareMs;
    this.#open++;
    return spent;
  }

  callEnds(spent: SpentOn, at: number): void {
    if (!this.#isOpen) return;
    this.#advance(at);
    spent.open--;
    spent.ms += this.#shareMs;
    this.#open--;
    if (this.#open === 0) this.#idleAt = readIdle();
    if (!spent.isKnown) this.#merge(spent);
  }

  /** A request that lasts for hours may make any number of calls, so those that have ended are not kept apart. */
  #merge(ended: SpentOn): void {
    const calls = this.#calls as Map<unknown, SpentOn>;
    calls.delete(ended);
    getOrAdd(calls, ended.on, () => new SpentOn(this, ended.on, true)).ms += ended.ms;
  }

  /** Ends the request. Calls that are still open get their share until now. @param ms that it took in all */
  end(start: number, ms: number): void {
    this.#advance(start + ms);
    this.#isOpen = false;
    for (const spent of this.calls) spent.ms += spent.open * this.#shareMs;
    // What is left, so that all parts together are what the request took.
    this.codeMs = Math.max(0, ms - this.#calledMs - this.unseenMs);
  }

  #advance(at: number): void {
    const ms = at - this.#at;
    if (this.#open > 0) {
      if (ms <= 0) return;
      this.#calledMs += ms;
      this.#shareMs += ms / this.#open;
    } else {
      const idle = readIdle();
      // The two clocks are read one after the other.
      this.unseenMs += Math.max(0, Math.min(ms, idle - this.#idleAt)) || 0;
      this.#idleAt = idle;
      if (ms <= 0) return;
    }
    this.#at = at;
  }
}
