import { OTHER, UNMATCHED } from '../semconv.ts';
import type { CallLabels, SeriesTable } from './model.ts';

/** Holds a label to a number of values. A value that was admitted once stays, so that no series ever moves. */
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

/** The SDK's own default limit of series per instrument. */
const MAX_DETAILED_SERIES = 2_000;

/** Leaves out the details of a call where there are too many series: an app may call ports and fail in ways without end. */
export function capDetails<Call extends CallLabels>(call: Call, { series }: SeriesTable<CallLabels>): Call {
  if (call.details === undefined || series.length < MAX_DETAILED_SERIES) return call;
  const { details: _, ...rest } = call;
  return rest as Call;
}
