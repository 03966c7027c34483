import { addCounts } from '../../base/histogram.ts';
import type { Counters } from '../protocol.ts';

/** The counters of one endpoint, host or process in the interval that is being filled. */
export class CounterSet {
  requests = 0;
  clientErrors = 0;
  errors = 0;
  seconds = 0;
  readonly counts: number[];

  constructor(buckets: number) {
    this.counts = new Array(buckets).fill(0);
  }

  get isEmpty(): boolean {
    return this.requests === 0 && this.counts.every((count) => count === 0);
  }

  addRequests(requests: number, status: number): void {
    this.requests += requests;
    if (status >= 500) this.errors += requests;
    else if (status >= 400) this.clientErrors += requests;
  }

  addTimes(seconds: number, counts: readonly number[]): void {
    this.seconds += seconds;
    addCounts(this.counts, counts);
  }

  /** Returns the counters and resets them. */
  take(): Counters {
    const { requests, clientErrors, errors, counts } = this;
    const first = Math.max(
      counts.findIndex((count) => count > 0),
      0,
    );
    const last = counts.findLastIndex((count) => count > 0);
    const taken: Counters = [
      requests,
      clientErrors,
      errors,
      // Microseconds are finer than the figures on the page.
      Math.round(this.seconds * 1e6) / 1e6,
      first,
      ...counts.slice(first, last + 1),
    ];
    this.requests = this.clientErrors = this.errors = this.seconds = 0;
    counts.fill(0);
    return taken;
  }
}
