import { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import { textOf } from '../../../base/histogram/histogram-text.ts';
import type { Counters } from '../../protocol.ts';
import { EncodedStats, type RequestStats } from './request-stats.ts';

/** A sum of several `RequestStats`. */
export class RequestTotals implements RequestStats {
  requests = 0;
  clientErrors = 0;
  errors = 0;
  seconds = 0;
  readonly histogram = new FineHistogram();

  add(stats: RequestStats): this {
    return this.#add(stats, 1);
  }

  subtract(stats: RequestStats): this {
    return this.#add(stats, -1);
  }

  copy(): RequestTotals {
    return new RequestTotals().add(this);
  }

  /** Requests with a duration. Event streams are counted but not timed. */
  get timed(): number {
    return this.histogram.total;
  }

  /** Mean duration in seconds. */
  get mean(): number | undefined {
    const { timed } = this;
    return timed > 0 ? this.seconds / timed : undefined;
  }

  /** As the service would send it. */
  encode(): Counters {
    const { requests, clientErrors, errors, seconds, histogram } = this;
    return [requests, clientErrors, errors, seconds, textOf(histogram)];
  }

  #add(stats: RequestStats, factor: 1 | -1): this {
    this.requests += factor * stats.requests;
    this.clientErrors += factor * stats.clientErrors;
    this.errors += factor * stats.errors;
    this.seconds += factor * stats.seconds;
    if (stats instanceof EncodedStats) stats.addHistogramTo(this.histogram, factor);
    else this.histogram.add(stats.histogram, factor);
    return this;
  }
}
