import { OTHER } from '../semconv.ts';
import { type Counts, countEvent, type Labels, type Series } from './model.ts';
import type { SeriesTable } from './series-table.ts';

/** A DNS name is at most this long. An app may call something longer, which is no host. */
const MAX_HOST_CHARS = 253;

/** The label `host` of something that was called. */
export const limitHost = (host: string): string => (host.length > MAX_HOST_CHARS ? OTHER : host);

/** The outgoing calls of one kind in this process. */
export class CallSeries<L extends Labels & { readonly host: string; readonly details?: string | undefined }> {
  readonly #table: SeriesTable<L>;
  readonly #bounds: readonly number[];

  constructor(table: SeriesTable<L>) {
    this.#table = table;
    this.#bounds = table.kind.bounds ?? [];
  }

  /** The series of the calls with these labels. Callers on the hot path keep it. */
  find(labels: L): Series<L> {
    const host = limitHost(labels.host);
    return this.#table.find(host === labels.host ? labels : { ...labels, host, details: undefined });
  }

  add(series: Counts, seconds: number): void {
    countEvent(series, this.#bounds, seconds);
  }

  record(labels: L, seconds: number): void {
    this.add(this.find(labels), seconds);
  }
}
