import {
  type ActiveRequests,
  type CallCounts,
  createCallTable,
  createRequestTable,
  type RequestCounts,
} from './model.ts';
import { InstrumentAggregate, type Instruments } from './otel/instrument-aggregate.ts';

/**
 * What was counted between two moments. Increments of any source may be added to a total.
 * @property instruments  counters and histograms of the app's own
 */
export interface Increments {
  readonly requests: readonly RequestCounts[];
  readonly calls: readonly CallCounts[];
  readonly instruments: Instruments;
}

/**
 * How a process stands at a moment. It replaces what the process said before.
 * @property instruments  gauges and up-down counters of the app's own
 */
export interface States {
  readonly active: readonly ActiveRequests[];
  readonly instruments: Instruments;
}

export const NO_INCREMENTS: Increments = { requests: [], calls: [], instruments: [] };

export const hasIncrements = ({ requests, calls, instruments }: Increments): boolean =>
  requests.length > 0 || calls.length > 0 || instruments.some(({ metrics }) => metrics.length > 0);

/** Increments added up. */
export class IncrementSum {
  readonly #requests = createRequestTable();
  readonly #calls = createCallTable();
  readonly #instruments = new InstrumentAggregate();

  add({ requests, calls, instruments }: Increments): void {
    for (const each of requests) this.#requests.add(each);
    for (const each of calls) this.#calls.add(each);
    this.#instruments.add(instruments);
  }

  /** The sum, as increments. Later additions change it. */
  read(): Increments {
    return {
      requests: this.#requests.series,
      calls: this.#calls.series,
      instruments: this.#instruments.read('delta'),
    };
  }
}
