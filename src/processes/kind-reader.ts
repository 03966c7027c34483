import { totalCount } from '../base/counts.ts';
import { FineHistogram } from '../base/histogram/fine-histogram.ts';
import type { Kind, LabelType } from '../metrics/kinds.ts';
import type { Series } from '../metrics/model.ts';
import type { WireSeries } from './wire-format.ts';

type KnownSeries = Pick<Series, 'labels' | 'guessed'>;

/** Reads the increments of one kind that one sender sends over one connection. */
export class KindReader {
  readonly #types: readonly (readonly [name: string, type: LabelType])[];
  readonly #buckets: number;
  readonly #isFine: boolean;
  /** By its number. One object of labels for each series: an aggregate finds the series by it. */
  readonly #known: KnownSeries[] = [];

  constructor({ labels, bounds, isFine }: Kind) {
    this.#types = Object.entries(labels);
    this.#buckets = bounds === undefined ? 0 : bounds.length + 1;
    this.#isFine = isFine;
  }

  /** @throws where it is malformed. Processes with other bounds are not merged */
  read([labels, count, sum, buckets, encodedFine, guessed]: WireSeries): Series {
    if (!isCount(count)) throw new Error('a number of events is no count');
    if (!(sum >= 0 && Number.isFinite(sum))) throw new Error('a sum is negative or no number');
    if (!Array.isArray(buckets) || buckets.length !== this.#buckets || !buckets.every(isCount)) {
      throw new Error('the buckets are not as many counts as there are bounds');
    }
    const fine = this.#isFine ? FineHistogram.decode(encodedFine) : undefined;
    if (fine !== undefined && fine.total !== totalCount(buckets)) {
      throw new Error('the fine histogram has other values than the buckets');
    }
    const known = typeof labels === 'number' ? this.#find(labels) : this.#add(labels, guessed);
    return { ...known, count, sum, buckets, fine };
  }

  #find(number: number): KnownSeries {
    const known = this.#known[number];
    if (known === undefined) throw new Error('a series has an unknown number');
    return known;
  }

  #add(given: unknown, guessed: unknown): KnownSeries {
    if (!Array.isArray(given) || given.length !== this.#types.length) throw new Error('a label is missing');
    if (typeof guessed !== 'boolean') throw new Error('a series does not say whether its path is a guess');
    const labels = Object.fromEntries(this.#types.map(([name, type], i) => [name, decodeLabel(given[i], type)]));
    const added = { labels, guessed };
    this.#known.push(added);
    return added;
  }
}

/** @throws where the value has another type */
export function decodeLabel(value: unknown, type: LabelType): string | number | undefined {
  if (value === null && type.endsWith('?')) return undefined;
  const isInteger = type === 'integer' || type === 'integer?';
  if (isInteger ? !Number.isSafeInteger(value) : typeof value !== 'string') throw new Error(`a label is no ${type}`);
  if (type === 'json?' && !areAttributes(JSON.parse(value as string))) throw new Error('the details are malformed');
  return value as string | number;
}

const areAttributes = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((each) => typeof each === 'string' || Number.isFinite(each));

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
