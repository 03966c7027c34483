import { bucketIndex } from './bucket-index.ts';
import { BucketRange } from './bucket-range.ts';
import {
  boundsOf,
  checkEncoded,
  type EncodedHistogram,
  encodeBuckets,
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

/**
 * The budget: with a wider range of buckets, every two become one. These are all buckets at the coarser scale, and 20 powers
 * of 2 at the finer one, as from 10 us to 10 s. They are 5 KB.
 */
export const MAX_BUCKETS = (MAX_EXPONENT - MIN_EXPONENT) * 2 ** MIN_SCALE;

/**
 * A base-2 exponential histogram of seconds, as OpenTelemetry defines it: a value differs from the middle of its bucket by
 * 1.1 % at most, and by 2.2 % where values of one series differ more than a million times. Histograms of several processes
 * can be added without an error.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export class FineHistogram implements Histogram {
  #scale = MAX_SCALE;
  /** How many times every two buckets became one. */
  #shift = 0;
  #zeros = 0;
  /** Undefined while it is empty, still a list, or shared: `record` then leads to `#addAt`. */
  #range: BucketRange | undefined;
  /** Instead of it, where copies have the same range. The next change copies it. */
  #shared: BucketRange | undefined;
  /** The counts as a list, until one of them changes. An increment has few of them, and is kept and sent as this list. */
  #encoded: EncodedHistogram | undefined;

  get isFine(): boolean {
    return true;
  }

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
    const index = bucketIndex(value < MAX_VALUE ? value : MAX_VALUE) >> this.#shift;
    if (this.#range === undefined || !this.#range.increment(index)) this.#addAt(index, 1);
  }

  add(other: Histogram, factor = 1): this {
    if (!(other instanceof FineHistogram)) throw new Error('a histogram with other bounds cannot be added');
    if (other.#encoded !== undefined) return this.addEncoded(other.#encoded, factor);
    this.#scaleTo(other.#scale);
    this.#ownRange();
    this.#zeros += factor * other.#zeros;
    const added = other.#range ?? other.#shared;
    if (added !== undefined && other.#scale === this.#scale) {
      this.#range ??= new BucketRange();
      if (this.#range.addRange(added, factor, MAX_BUCKETS)) return this;
    }
    other.#forEach((index, count) => this.#addAt(index >> (other.#scale - this.#scale), factor * count));
    return this;
  }

  /** Adds the counts of a list, times `factor`: cheaper than to make a histogram of it and to add that. */
  addEncoded(encoded: EncodedHistogram, factor = 1): this {
    const scale = encoded[0] as number;
    this.#scaleTo(scale);
    this.#ownRange();
    this.#zeros += factor * (encoded[1] as number);
    this.#range ??= new BucketRange();
    if (scale !== this.#scale || !this.#range.addEncoded(encoded, factor, MAX_BUCKETS)) {
      forEachEncoded(encoded, (index, count) => this.#addAt(index >> (scale - this.#scale), factor * count));
    }
    return this;
  }

  addZeros(count: number): void {
    this.#decode();
    this.#zeros += count;
  }

  createEmpty(): FineHistogram {
    return new FineHistogram();
  }

  /** A copy. It shares the counts with this histogram: each of both copies them before it changes them. */
  copy(): FineHistogram {
    const copy = new FineHistogram();
    copy.#scale = this.#scale;
    copy.#shift = this.#shift;
    copy.#zeros = this.#zeros;
    this.#shared ??= this.#range;
    this.#range = undefined;
    copy.#shared = this.#shared;
    copy.#encoded = this.#encoded;
    return copy;
  }

  /**
   * What was recorded since `copy` was equal to this histogram. It is equal again afterwards. This runs several times a second
   * for each series that grew.
   */
  takeSince(copy: FineHistogram): FineHistogram {
    this.#ownRange();
    copy.#ownRange();
    copy.#scaleTo(this.#scale);
    copy.#range ??= new BucketRange();
    const taken = copy.#range;
    const encoded = encodeBuckets(this.#scale, this.#zeros - copy.#zeros, (callback) =>
      this.#range?.takeSince(taken, callback),
    );
    copy.#zeros = this.#zeros;
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
    this.#decode();
    return (this.#range ?? this.#shared ?? new BucketRange()).toDense();
  }

  /** The counts of all buckets that are not empty, and of some others around them. They are the live ones. */
  get range(): { readonly first: number; readonly counts: readonly number[] } {
    this.#decode();
    return this.#range ?? this.#shared ?? new BucketRange();
  }

  buckets(): Bucket[] {
    const buckets: Bucket[] = this.#zeros > 0 ? [{ low: 0, high: ZERO_THRESHOLD, count: this.#zeros }] : [];
    const bounds = boundsOf(this.#scale);
    const first = MIN_EXPONENT * 2 ** this.#scale;
    this.#forEach((index, count) => {
      const i = index - first;
      if (count > 0) buckets.push({ low: bounds[i] as number, high: bounds[i + 1] as number, count });
    });
    return buckets;
  }

  /** As an array that must not be changed. */
  encode(): EncodedHistogram {
    return this.#encoded ?? encodeBuckets(this.#scale, this.#zeros, (callback) => this.#forEach(callback));
  }

  /** @throws where it is malformed */
  static decode(encoded: unknown): FineHistogram {
    checkEncoded(encoded);
    return FineHistogram.#of(encoded);
  }

  static #of(encoded: EncodedHistogram): FineHistogram {
    const histogram = new FineHistogram();
    histogram.#scale = encoded[0] as number;
    histogram.#shift = MAX_SCALE - histogram.#scale;
    histogram.#zeros = encoded[1] as number;
    histogram.#encoded = encoded;
    return histogram;
  }

  /** Calls back with the counts that are not 0, ascending. */
  #forEach(callback: (index: number, count: number) => void): void {
    if (this.#encoded !== undefined) forEachEncoded(this.#encoded, callback);
    else (this.#range ?? this.#shared)?.forEach(callback);
  }

  #addAt(given: number, count: number): void {
    this.#ownRange();
    let index = given;
    this.#range ??= new BucketRange();
    while (!this.#range.include(index, index, MAX_BUCKETS)) {
      this.#scaleTo(this.#scale - 1);
      index >>= 1;
    }
    this.#range.add(index, count);
  }

  /** Makes the counts those of this histogram alone, so that they can change. */
  #ownRange(): void {
    this.#decode();
    if (this.#shared === undefined) return;
    this.#range = this.#shared.copy();
    this.#shared = undefined;
  }

  /** The list becomes counts. */
  #decode(): void {
    if (this.#encoded !== undefined) this.#addAgain(this.#scale);
  }

  /** Makes every two buckets one, until the scale is this one or lower. */
  #scaleTo(scale: number): void {
    if (scale < this.#scale) this.#addAgain(scale);
  }

  #addAgain(scale: number): void {
    const before = this.#scale;
    const entries = this.entries();
    this.#encoded = undefined;
    this.#range = new BucketRange();
    this.#shared = undefined;
    this.#scale = scale;
    this.#shift = MAX_SCALE - scale;
    // The scale may change once more while counts are added.
    for (const [index, count] of entries) this.#addAt(index >> (before - this.#scale), count);
  }
}
