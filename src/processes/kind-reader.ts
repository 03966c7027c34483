import type { Kind, LabelType } from '../metrics/kinds.ts';
import type { Labels, Series } from '../metrics/model.ts';
import type { WireSeries } from './wire-format.ts';

/** Reads the increments of one kind that one sender sends over one connection. */
export class KindReader {
  readonly #types: readonly (readonly [name: string, type: LabelType])[];
  readonly #buckets: number;
  /** By the number of the series. One object for each series: an aggregate finds the series by it. */
  readonly #labels: Labels[] = [];

  constructor({ labels, bounds }: Kind) {
    this.#types = Object.entries(labels);
    this.#buckets = bounds === undefined ? 0 : bounds.length + 1;
  }

  /** @throws where it is malformed. Processes with other bounds are not merged */
  read([labels, count, sum, buckets]: WireSeries): Series {
    if (!isCount(count)) throw new Error('a number of events is no count');
    if (!(sum >= 0 && Number.isFinite(sum))) throw new Error('a sum is negative or no number');
    if (!Array.isArray(buckets) || buckets.length !== this.#buckets || !buckets.every(isCount)) {
      throw new Error('the buckets are not as many counts as there are bounds');
    }
    return { labels: this.#labelsOf(labels), count, sum, buckets };
  }

  #labelsOf(given: WireSeries[0]): Labels {
    if (typeof given === 'number') {
      const known = this.#labels[given];
      if (known === undefined) throw new Error('a series has an unknown number');
      return known;
    }
    if (!Array.isArray(given) || given.length !== this.#types.length) throw new Error('a label is missing');
    const labels = Object.fromEntries(this.#types.map(([name, type], i) => [name, decodeLabel(given[i], type)]));
    this.#labels.push(labels);
    return labels;
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
