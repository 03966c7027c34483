import { OTHER, UNMATCHED } from '../semconv.ts';
import type { CallLabels, SeriesTable } from './model.ts';

/** Limits a label to a number of distinct values. A value that was admitted once stays, so that no series ever moves. */
export class CardinalityCap {
  readonly #max: number;
  readonly #admitted = new Set<string>();

  /** @param max `APM_MAX_PATHS` */
  constructor(max: number) {
    this.#max = max;
  }

  /** @returns the value itself, or `other` where it is new and the cap is reached */
  admit(value: string): string {
    if (value === OTHER || value === UNMATCHED || this.#admitted.has(value)) return value;
    if (this.#admitted.size >= this.#max) return OTHER;
    this.#admitted.add(value);
    return value;
  }
}

/** The call under the host that the cap admits. Of `other` hosts the details, which have the address, are dropped too. */
export function capHost<Call extends CallLabels>(call: Call, hosts: CardinalityCap): Call {
  const host = hosts.admit(call.host);
  if (host === call.host) return call;
  const { details: _, ...plain } = call;
  return { ...(plain as Call), host };
}

/** The SDK's own default limit of series per instrument. */
const MAX_CALL_SERIES = 2_000;

/**
 * Bounds the series of outgoing calls. Ports, error types and statuses come from other servers and have no bound: above
 * the limit a new series loses its details, and then its host and status. Known series go on counting.
 */
export function capSeries<Call extends CallLabels>(call: Call, table: SeriesTable<CallLabels>): Call {
  if (table.series.length < MAX_CALL_SERIES || table.has(call)) return call;
  const { details: _, ...plain } = call;
  if (call.details !== undefined && table.has(plain as Call)) return plain as Call;
  return { ...(plain as Call), host: OTHER, status: undefined };
}
