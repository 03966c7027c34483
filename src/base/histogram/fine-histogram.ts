import {
  checkEncoded,
  type EncodedHistogram,
  forEachEncoded,
  MAX_EXPONENT,
  MAX_SCALE,
  MIN_EXPONENT,
  MIN_SCALE,
} from './encoded-histogram.ts';
import type { Bucket, Histogram } from './histogram.ts';

export type { EncodedHistogram } from './encoded-histogram.ts';

export const ZERO_THRESHOLD = 2 ** MIN_EXPONENT;
const MAX_VALUE = 2 ** MAX_EXPONENT;

/** The range of buckets grows by this many, so that it seldom does: half a power of 2 at the finest scale. */
const STEP_BITS = 4;
const STEP = 2 ** STEP_BITS;
/**
 * The budget: with a wider range of buckets, every two become one. These are all buckets at the coarser scale, and 20 powers
 * of 2 at the finer one, as from 10 us to 10 s. They are 5 KB.
 */
const MAX_BUCKETS = (MAX_EXPONENT - MIN_EXPONENT) * 2 ** MIN_SCALE;

/** Of a histogram that is empty, or still a list. */
const NO_COUNTS: number[] = [];

/** Increases whenever an increment is taken: an increment is then looked for only where something was recorded later. */
let now = 1;
/** An increment while it is made: its length is not known before. */
const increment: number[] = [];

/**
 * A base-2 exponential histogram of seconds, as OpenTelemetry defines it: a value differs from the middle of its bucket by
 * 1.1 % at most, and by 2.2 % where values of one series differ more than a million times. Histograms of several processes
 * can be added without an error.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export class FineHistogram implements Histogram {
  #scale = MAX_SCALE;
  #bucketsPerPower = 2 ** MAX_SCALE;
  #zeros = 0;
  /** Of a range of buckets; those outside are empty. */
  #counts = NO_COUNTS;
  /** For every `STEP` counts, the time of the last change. */
  #changed = NO_COUNTS;
  /** The index of the first bucket of the range: a multiple of `STEP`. */
  #first = 0;
  /** When an increment was last taken since this copy. */
  #taken = 0;
  /** The counts as a list, until one of them changes. An increment has few of them, and is kept and sent as this list. */
  #encoded: EncodedHistogram | undefined;

  /** 5, or 4 where the values needed more buckets than the budget has. */
  get scale(): number {
    return this.#scale;
  }

  /** Values that are counted as 0. */
  get zeros(): number {
    return this.#zeros;
  }

  get total(): number {
    let total = this.#zeros;
    this.#forEach((_, count) => {
      total += count;
    });
    return total;
  }

  /** Runs once per request. */
  record(value: number): void {
    // Also where it is no number.
    if (!(value > ZERO_THRESHOLD)) {
      this.addZeros(1);
      return;
    }
    const index = Math.ceil(Math.log2(value < MAX_VALUE ? value : MAX_VALUE) * this.#bucketsPerPower) - 1;
    const i = index - this.#first;
    if (i < 0 || i >= this.#counts.length) {
      this.#addAt(index, 1);
      return;
    }
    (this.#counts[i] as number)++;
    this.#changed[i >> STEP_BITS] = now;
  }

  add(other: Histogram, factor = 1): this {
    if (!(other instanceof FineHistogram)) throw new Error('a histogram with other bounds cannot be added');
    this.#scaleTo(other.#scale);
    this.addZeros(factor * other.#zeros);
    other.#forEach((index, count) => this.#addAt(index >> (other.#scale - this.#scale), factor * count));
    return this;
  }

  /** Adds to the bucket with this index in a histogram of this scale. */
  addBucket(scale: number, index: number, count: number): void {
    this.#scaleTo(scale);
    this.#addAt(index >> (scale - this.#scale), count);
  }

  addZeros(count: number): void {
    this.#decode();
    this.#zeros += count;
  }

  createEmpty(): FineHistogram {
    return new FineHistogram();
  }

  copy(): FineHistogram {
    const copy = new FineHistogram();
    copy.#scale = this.#scale;
    copy.#bucketsPerPower = this.#bucketsPerPower;
    copy.#zeros = this.#zeros;
    copy.#counts = this.#counts.slice();
    copy.#changed = this.#changed.slice();
    copy.#first = this.#first;
    copy.#encoded = this.#encoded;
    return copy;
  }

  /**
   * What was recorded since `copy` was equal to this histogram. It is equal again afterwards. This runs several times a second
   * for each series that grew, so it allocates nothing but the increment.
   */
  takeSince(copy: FineHistogram): FineHistogram {
    this.#decode();
    copy.#decode();
    copy.#scaleTo(this.#scale);
    const counts = this.#counts;
    if (copy.#counts.length < counts.length) copy.#makeRoom(this.#first, this.#first + counts.length - 1);
    const before = copy.#counts;
    increment[0] = this.#scale;
    increment[1] = this.#zeros - copy.#zeros;
    copy.#zeros = this.#zeros;
    let length = 2;
    let last = 0;
    for (let step = 0; step < this.#changed.length; step++) {
      if ((this.#changed[step] as number) < copy.#taken) continue;
      for (let i = step * STEP; i < (step + 1) * STEP; i++) {
        const added = (counts[i] as number) - (before[i] as number);
        if (added === 0) continue;
        before[i] = counts[i] as number;
        increment[length++] = this.#first + i - last;
        increment[length++] = added;
        last = this.#first + i;
      }
    }
    copy.#taken = ++now;
    return FineHistogram.#of(increment.slice(0, length));
  }

  /** The counts that are not 0, by the index of their bucket, ascending. */
  entries(): (readonly [index: number, count: number])[] {
    const entries: (readonly [number, number])[] = [];
    this.#forEach((index, count) => void entries.push([index, count]));
    return entries;
  }

  /** The counts from the lowest to the highest bucket that is not empty, those that are 0 included. */
  toDense(): { readonly first: number; readonly counts: number[] } {
    this.#decode();
    const counts = this.#counts;
    let [low, high] = [0, counts.length];
    while (low < high && counts[low] === 0) low++;
    while (low < high && counts[high - 1] === 0) high--;
    return { first: low < high ? this.#first + low : 0, counts: counts.slice(low, high) };
  }

  buckets(): Bucket[] {
    const buckets: Bucket[] = this.#zeros > 0 ? [{ low: 0, high: ZERO_THRESHOLD, count: this.#zeros }] : [];
    const bound = (index: number) => 2 ** (index / this.#bucketsPerPower);
    this.#forEach((index, count) => {
      if (count > 0) buckets.push({ low: bound(index), high: bound(index + 1), count });
    });
    return buckets;
  }

  /** On a logarithmic scale, as Prometheus does in native histograms. */
  interpolate({ low, high }: Bucket, share: number): number {
    return low === 0 ? 0 : low * (high / low) ** share;
  }

  shareBelow({ low, high }: Bucket, value: number): number {
    return low === 0 ? 1 : Math.log(value / low) / Math.log(high / low);
  }

  encode(): EncodedHistogram {
    if (this.#encoded !== undefined) return this.#encoded;
    const encoded = [this.#scale, this.#zeros];
    let last = 0;
    this.#forEach((index, count) => {
      encoded.push(index - last, count);
      last = index;
    });
    return encoded;
  }

  /** @throws where it is malformed */
  static decode(encoded: unknown): FineHistogram {
    checkEncoded(encoded);
    return FineHistogram.#of(encoded);
  }

  static #of(encoded: EncodedHistogram): FineHistogram {
    const histogram = new FineHistogram();
    histogram.#scale = encoded[0] as number;
    histogram.#bucketsPerPower = 2 ** histogram.#scale;
    histogram.#zeros = encoded[1] as number;
    histogram.#encoded = encoded;
    return histogram;
  }

  /** Calls back with the counts that are not 0, ascending. */
  #forEach(callback: (index: number, count: number) => void): void {
    const counts = this.#counts;
    if (this.#encoded !== undefined) forEachEncoded(this.#encoded, callback);
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] !== 0) callback(this.#first + i, counts[i] as number);
    }
  }

  #addAt(given: number, count: number): void {
    this.#decode();
    const { scale } = this;
    // The logarithm of the smallest values is rounded.
    const index = Math.max(given, MIN_EXPONENT * this.#bucketsPerPower);
    this.#makeRoom(index, index);
    const i = (index >> (scale - this.#scale)) - this.#first;
    (this.#counts[i] as number) += count;
    this.#changed[i >> STEP_BITS] = now;
  }

  /** The list becomes counts, which can change. */
  #decode(): void {
    if (this.#encoded === undefined) return;
    const { scale } = this;
    const entries = this.entries();
    this.#encoded = undefined;
    for (const [index, count] of entries) this.#addAt(index >> (scale - this.#scale), count);
  }

  /** Makes the range include these buckets, after it made buckets wider where the budget demands it. */
  #makeRoom(from: number, to: number): void {
    const before = this.#counts;
    const isEmpty = before.length === 0;
    const low = isEmpty ? from : Math.min(from, this.#first);
    const high = isEmpty ? to : Math.max(to, this.#first + before.length - 1);
    const first = Math.floor(low / STEP) * STEP;
    const length = Math.ceil((high + 1 - first) / STEP) * STEP;
    if (length > MAX_BUCKETS) {
      this.#scaleTo(this.#scale - 1);
      this.#makeRoom(from >> 1, to >> 1);
    } else if (length > before.length) {
      this.#counts = shifted(before, this.#first - first, length);
      this.#changed = shifted(this.#changed, (this.#first - first) / STEP, length / STEP);
      this.#first = first;
    }
  }

  /** Makes every two buckets one, until the scale is this one or lower. */
  #scaleTo(scale: number): void {
    const shift = this.#scale - scale;
    if (shift <= 0) return;
    const entries = this.entries();
    this.#encoded = undefined;
    this.#scale = scale;
    this.#bucketsPerPower = 2 ** scale;
    this.#counts = NO_COUNTS;
    this.#changed = NO_COUNTS;
    for (const [index, count] of entries) this.#addAt(index >> shift, count);
  }
}

/** A list of `length` numbers that has `numbers` from `offset` on, and 0 elsewhere. */
function shifted(numbers: readonly number[], offset: number, length: number): number[] {
  const list = new Array<number>(length).fill(0);
  for (let i = 0; i < numbers.length; i++) list[offset + i] = numbers[i] as number;
  return list;
}
