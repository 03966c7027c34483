import { OTHER } from '../semconv.ts';
import type { CallLabels } from './kinds.ts';
import { countEvent } from './model.ts';
import type { SeriesTable } from './series-table.ts';

/** A DNS name is at most this long. An app may call something longer, which is no host. */
const MAX_HOST_CHARS = 253;

/** The outgoing calls of this process. */
export class CallSeries {
  readonly #table: SeriesTable<CallLabels>;
  readonly #bounds: readonly number[];

  constructor(table: SeriesTable<CallLabels>) {
    this.#table = table;
    this.#bounds = table.kind.bounds ?? [];
  }

  record(call: CallLabels, seconds: number): void {
    const { host, method, status } = call;
    const series = this.#table.find(host.length > MAX_HOST_CHARS ? { host: OTHER, method, status } : call);
    countEvent(series, this.#bounds, seconds);
  }
}
