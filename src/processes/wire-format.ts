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
 */
export type WireSeries = readonly [
  labels: readonly WireLabel[] | number,
  count: number,
  sum: number,
  buckets: readonly number[],
];
/** null where the series does not have the label. */
type WireLabel = string | number | null;

export interface ActivePart {
  readonly active: readonly (readonly [method: string, requests: number, details: string | null])[];
}

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
  readonly #numbers = new WeakMap<Labels, number>();
  #next = 0;

  constructor(kind: Kind) {
    this.kind = kind;
    this.#names = Object.keys(kind.labels);
  }

  /** @returns undefined where the labels are too long to be sent */
  encode({ labels, count, sum, buckets }: Series): { encoded: WireSeries; labelChars: number } | undefined {
    const number = this.#numbers.get(labels);
    if (number !== undefined) return { encoded: [number, count, sum, buckets], labelChars: 0 };
    const values = this.#names.map((name) => labels[name] ?? null);
    const labelChars = values.reduce<number>((chars, value) => chars + String(value).length, 0);
    if (labelChars > MAX_LABEL_CHARS) return undefined;
    this.#numbers.set(labels, this.#next++);
    return { encoded: [values, count, sum, buckets], labelChars };
  }
}

export function* encodeStates({ active, instruments }: States): Generator<Part> {
  for (const batch of batches(active, encodeActive)) yield { active: batch };
  yield* encodeInstruments(instruments);
}

const encodeActive = ({ method, requests, details }: ActiveRequests) => ({
  encoded: [method, requests, details ?? null] as const,
  labelChars: method.length,
});
