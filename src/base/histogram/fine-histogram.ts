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
const STEP = 16;
/**
 * The budget: with a wider range of buckets, every two become one. These are all buckets at the coarser scale, and 20 powers
 * of 2 at the finer one, as from 10 us to 10 s. They are 5 KB.
 */
const MAX_BUCKETS = (MAX_EXPONENT - MIN_EXPONENT) * 2 ** MIN_SCALE;

const NO_COUNTS: number[] = [];

/** @property users  number of histograms that read the counts; none of them may change the counts while there are several */
interface SharedCounts {
  readonly counts: number[];
  users: number;
}

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
  /** Of a range of buckets; those outside are empty. None where there are shared counts: `record` then leads to `#addAt`. */
  #counts: number[] = NO_COUNTS;
  /** Instead of these, until one of the histograms changes. */
  #shared: SharedCounts | undefined;
  /** The index of the first bucket of the range: a multiple of `STEP`. */
  #first = 0;
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
    if (i >= 0 && i < this.#counts.length) (this.#counts[i] as number)++;
    else this.#addAt(index, 1);
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

  /** A copy. It shares the counts with this histogram: the first of both that changes copies them. */
  copy(): FineHistogram {
    const copy = new FineHistogram();
    copy.#scale = this.#scale;
    copy.#bucketsPerPower = this.#bucketsPerPower;
    copy.#zeros = this.#zeros;
    copy.#first = this.#first;
    copy.#encoded = this.#encoded;
    this.#shared ??= { counts: this.#counts, users: 1 };
    this.#shared.users++;
    copy.#shared = this.#shared;
    this.#counts = NO_COUNTS;
    return copy;
  }

  /** To be called on a copy that is not used any more: then the other histogram does not have to copy the counts. */
  release(): void {
    if (this.#shared !== undefined) this.#shared.users--;
    this.#shared = undefined;
  }

  /**
   * What was recorded since `copy` was equal to this histogram. It is equal again afterwards. This runs several times a second
   * for each series that grew, so it allocates nothing but the increment.
   */
  takeSince(copy: FineHistogram): FineHistogram {
    this.#ownCounts();
    copy.#ownCounts();
    copy.#scaleTo(this.#scale);
    const first = this.#first;
    const counts = this.#counts;
    if (copy.#counts.length < counts.length) copy.#makeRoom(first, first + counts.length - 1);
    const taken = copy.#counts;
    const encoded = [this.#scale, this.#zeros - copy.#zeros];
    copy.#zeros = this.#zeros;
    let last = 0;
    for (let i = 0; i < counts.length; i++) {
      const added = (counts[i] as number) - (taken[i] as number);
      if (added === 0) continue;
      taken[i] = counts[i] as number;
      encoded.push(first + i - last, added);
      last = first + i;
    }
    return FineHistogram.#of(encoded);
  }

  /** The counts that are not 0, by the index of their bucket, ascending. */
  entries(): (readonly [index: number, count: number])[] {
    const entries: (readonly [number, number])[] = [];
    this.#forEach((index, count) => void entries.push([index, count]));
    return entries;
  }

  /** The counts from the lowest to the highest bucket that is not empty, those that are 0 included. */
  toDense(): { readonly first: number; readonly counts: number[] } {
    const { first, counts } = this.range;
    let [low, high] = [0, counts.length];
    while (low < high && counts[low] === 0) low++;
    while (low < high && counts[high - 1] === 0) high--;
    return { first: low < high ? first + low : 0, counts: counts.slice(low, high) };
  }

  /** The counts of a range that includes all buckets that are not empty. They are the live ones. */
  get range(): { readonly first: number; readonly counts: readonly number[] } {
    this.#decode();
    return { first: this.#first, counts: this.#shared?.counts ?? this.#counts };
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
    // A list that has grown has room for more.
    histogram.#encoded = encoded.slice();
    return histogram;
  }

  /** Calls back with the counts that are not 0, ascending. */
  #forEach(callback: (index: number, count: number) => void): void {
    if (this.#encoded !== undefined) forEachEncoded(this.#encoded, callback);
    const counts = this.#shared?.counts ?? this.#counts;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] !== 0) callback(this.#first + i, counts[i] as number);
    }
  }

  #addAt(given: number, count: number): void {
    this.#ownCounts();
    const { scale } = this;
    // The logarithm of the smallest values is rounded.
    const index = Math.max(given, MIN_EXPONENT * this.#bucketsPerPower);
    this.#makeRoom(index, index);
    (this.#counts[(index >> (scale - this.#scale)) - this.#first] as number) += count;
  }

  /** Makes the counts those of this histogram alone, so that they can change. */
  #ownCounts(): void {
    this.#decode();
    if (this.#shared === undefined) return;
    const { counts, users } = this.#shared;
    this.#counts = users === 1 ? counts : counts.slice();
    this.release();
  }

  /** The list becomes counts. */
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
      this.#counts = new Array<number>(length).fill(0);
      for (let i = 0; i < before.length; i++) this.#counts[this.#first - first + i] = before[i] as number;
      this.#first = first;
    }
  }

  /** Makes every two buckets one, until the scale is this one or lower. */
  #scaleTo(scale: number): void {
    const shift = this.#scale - scale;
    if (shift <= 0) return;
    const entries = this.entries();
    this.#encoded = undefined;
    this.release();
    this.#scale = scale;
    this.#bucketsPerPower = 2 ** scale;
    this.#counts = [];
    for (const [index, count] of entries) this.#addAt(index >> shift, count);
  }
}
