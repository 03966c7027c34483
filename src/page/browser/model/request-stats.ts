import { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import { addText } from '../../../base/histogram/histogram-text.ts';
import type { Counters } from '../../protocol.ts';

/**
 * Requests, or outgoing calls, in some span of time.
 * @property clientErrors answered with 4xx
 * @property errors       answered with 5xx, or not at all
 * @property seconds      sum of the measured durations
 * @property histogram    of the measured durations, in seconds
 */
export interface RequestStats {
  readonly requests: number;
  readonly clientErrors: number;
  readonly errors: number;
  readonly seconds: number;
  readonly histogram: FineHistogram;
}

/**
 * As the service sent them. The histogram is decoded whenever it is read: a page holds tens of thousands of these, and
 * decoded they would take a hundred megabytes.
 */
export class EncodedStats implements RequestStats {
  readonly requests: number;
  readonly clientErrors: number;
  readonly errors: number;
  readonly seconds: number;
  readonly #durations: readonly string[];

  private constructor(all: Omit<RequestStats, 'histogram'>, durations: readonly string[]) {
    ({ requests: this.requests, clientErrors: this.clientErrors, errors: this.errors, seconds: this.seconds } = all);
    this.#durations = durations;
  }

  static decode([requests, clientErrors, errors, seconds, durations]: Counters): EncodedStats {
    return new EncodedStats({ requests, clientErrors, errors, seconds }, [durations]);
  }

  get histogram(): FineHistogram {
    return this.addHistogramTo(new FineHistogram());
  }

  /** Cheaper than to decode the histogram and to add it. */
  addHistogramTo(histogram: FineHistogram, factor = 1): FineHistogram {
    for (const text of this.#durations) addText(histogram, text, factor);
    return histogram;
  }

  plus(other: EncodedStats): EncodedStats {
    const sum = {
      requests: this.requests + other.requests,
      clientErrors: this.clientErrors + other.clientErrors,
      errors: this.errors + other.errors,
      seconds: this.seconds + other.seconds,
    };
    return new EncodedStats(sum, [...this.#durations, ...other.#durations]);
  }
}
