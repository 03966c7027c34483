import type { EncodedHistogram } from '../base/histogram/fine-histogram.ts';
import type { Increments, States } from '../metrics/increments.ts';
import type { Kind, Kinds } from '../metrics/kinds.ts';
import type { ActiveRequests, Labels, Series } from '../metrics/model.ts';
import { batches, MAX_LABEL_CHARS } from './batches.ts';
import { encodeInstruments, type InstrumentPart } from './instrument-wire.ts';

/** Some of what a process counted, or of its states, as it is sent. */
export type Part = InstrumentPart | SeriesPart | ActivePart;

/** Increments of one kind. */
interface SeriesPart {
  readonly kind: string;
  readonly series: readonly WireSeries[];
}

/**
 * @property labels  when a series is sent for the first time over a connection: the values of its labels, in the order of
 *                   its kind. It then has the next number of its kind, from 0, and is later sent with that number
 * @property fine     null where the kind has none
 * @property guessed  sent with the labels. A series whose path is no guess any more is sent with its labels again
 */
export type WireSeries = readonly [
  labels: readonly WireLabel[] | number,
  count: number,
  sum: number,
  buckets: readonly number[],
  fine: EncodedHistogram | null,
  guessed?: boolean,
];
/** null where the series does not have the label. */
type WireLabel = string | number | null;

export interface ActivePart {
  readonly active: readonly (readonly [method: string, requests: number, details: string | null])[];
}

/** About the length of a number of a fine histogram in JSON, with its comma. */
const NUMBER_CHARS = 3;

/** Encodes what is sent over one connection, in the order in which it is sent. */
export class WireWriter {
  readonly #kinds: readonly KindWriter[];

  constructor(kinds: Kinds) {
    this.#kinds = Object.values(kinds).map((kind) => new KindWriter(kind));
  }

  *increments({ series, instruments }: Increments): Generator<Part> {
    for (const writer of this.#kinds) {
      const all: readonly Series[] = series[writer.kind.id] ?? [];
      for (const batch of batches(all, (each) => writer.encode(each))) yield { kind: writer.kind.id, series: batch };
    }
    yield* encodeInstruments(instruments);
  }
}

class KindWriter {
  readonly kind: Kind;
  readonly #names: readonly string[];
  readonly #sent = new WeakMap<Labels, { readonly number: number; readonly guessed: boolean }>();
  #next = 0;

  constructor(kind: Kind) {
    this.kind = kind;
    this.#names = Object.keys(kind.labels);
  }

  /** @returns undefined where the labels are too long to be sent */
  encode({ labels, guessed, count, sum, buckets, fine }: Series): { encoded: WireSeries; chars: number } | undefined {
    const encodedFine = fine?.encode() ?? null;
    const fineChars = NUMBER_CHARS * (encodedFine?.length ?? 0);
    const sent = this.#sent.get(labels);
    if (sent !== undefined && (guessed || !sent.guessed)) {
      return { encoded: [sent.number, count, sum, buckets, encodedFine], chars: fineChars };
    }
    const values = this.#names.map((name) => labels[name] ?? null);
    const labelChars = values.reduce<number>((chars, value) => chars + String(value).length, 0);
    if (labelChars > MAX_LABEL_CHARS) return undefined;
    this.#sent.set(labels, { number: this.#next++, guessed });
    return { encoded: [values, count, sum, buckets, encodedFine, guessed], chars: labelChars + fineChars };
  }
}

export function* encodeStates({ active, instruments }: States): Generator<Part> {
  for (const batch of batches(active, encodeActive)) yield { active: batch };
  yield* encodeInstruments(instruments);
}

const encodeActive = ({ method, requests, details }: ActiveRequests) => ({
  encoded: [method, requests, details ?? null] as const,
  chars: method.length,
});
