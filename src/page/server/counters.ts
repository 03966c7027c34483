import { FineHistogram } from '../../base/histogram/fine-histogram.ts';
import { textOf } from '../../base/histogram/histogram-text.ts';
import type { Counters } from '../protocol.ts';

/** The counters of one endpoint, host or process in the interval that is being filled. */
export class CounterSet {
  requests = 0;
  clientErrors = 0;
  errors = 0;
  #seconds = 0;
  #durations = new FineHistogram();

  addRequests(requests: number, status: number): void {
    this.requests += requests;
    if (status >= 500) this.errors += requests;
    else if (status >= 400) this.clientErrors += requests;
  }

  addTimes(seconds: number, durations: FineHistogram | undefined): void {
    this.#seconds += seconds;
    if (durations !== undefined) this.#durations.add(durations);
  }

  /** Resets the counters. Returns what encodes them: that takes longer. */
  take(): () => Counters {
    const { requests, clientErrors, errors } = this;
    const [seconds, durations] = [this.#seconds, this.#durations];
    this.requests = this.clientErrors = this.errors = this.#seconds = 0;
    this.#durations = new FineHistogram();
    // Microseconds are finer than the figures on the page.
    return () => [requests, clientErrors, errors, Math.round(seconds * 1e6) / 1e6, textOf(durations)];
  }
}
