import type { Counters } from '../protocol.ts';

/** Requests, or calls, of several slots. */
export class Sum {
  requests = 0;
  clientErrors = 0;
  errors = 0;
  seconds = 0;
  readonly counts: number[];

  constructor(buckets: number) {
    this.counts = new Array(buckets).fill(0);
  }

  /** @param sign -1 takes it away again */
  add([requests, clientErrors, errors, seconds, first, ...counts]: Counters, sign: 1 | -1 = 1): this {
    this.requests += sign * requests;
    this.clientErrors += sign * clientErrors;
    this.errors += sign * errors;
    this.seconds += sign * seconds;
    for (let i = 0; i < counts.length; i++) (this.counts[first + i] as number) += sign * (counts[i] as number);
    return this;
  }

  /** Requests that have a duration: event streams have none. */
  get timed(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  get mean(): number | undefined {
    return this.timed > 0 ? this.seconds / this.timed : undefined;
  }

  /** As it is told, and kept. */
  get tallied(): Counters {
    const first = Math.max(
      this.counts.findIndex((count) => count > 0),
      0,
    );
    const last = this.counts.findLastIndex((count) => count > 0);
    const { requests, clientErrors, errors, seconds, counts } = this;
    return [requests, clientErrors, errors, seconds, first, ...counts.slice(first, last + 1)];
  }
}
