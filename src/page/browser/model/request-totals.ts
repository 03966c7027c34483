import { addCounts, subtractCounts, totalCount } from '../../../base/histogram.ts';

/**
 * Requests, or outgoing calls, in some span of time.
 * @property clientErrors answered with 4xx
 * @property errors       answered with 5xx, or not at all
 * @property seconds      sum of the measured durations
 * @property counts       durations by bucket
 */
export interface RequestStats {
  readonly requests: number;
  readonly clientErrors: number;
  readonly errors: number;
  readonly seconds: number;
  readonly counts: readonly number[];
}

/** A sum of several `RequestStats`. */
export class RequestTotals implements RequestStats {
  requests = 0;
  clientErrors = 0;
  errors = 0;
  seconds = 0;
  counts: number[];

  /** @param buckets number of buckets, including the one above the top bound */
  constructor(buckets: number) {
    this.counts = new Array(buckets).fill(0);
  }

  add({ requests, clientErrors, errors, seconds, counts }: RequestStats): this {
    this.requests += requests;
    this.clientErrors += clientErrors;
    this.errors += errors;
    this.seconds += seconds;
    addCounts(this.counts, counts);
    return this;
  }

  subtract({ requests, clientErrors, errors, seconds, counts }: RequestStats): this {
    this.requests -= requests;
    this.clientErrors -= clientErrors;
    this.errors -= errors;
    this.seconds -= seconds;
    this.counts = subtractCounts(this.counts, counts);
    return this;
  }

  copy(): RequestTotals {
    return new RequestTotals(this.counts.length).add(this);
  }

  /** Requests with a duration. Event streams are counted but not timed. */
  get timed(): number {
    return totalCount(this.counts);
  }

  /** Mean duration in seconds. */
  get mean(): number | undefined {
    const { timed } = this;
    return timed > 0 ? this.seconds / timed : undefined;
  }
}
