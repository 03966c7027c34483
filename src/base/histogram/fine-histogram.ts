import type { Bucket, Histogram } from './histogram.ts';

/** Bucket i holds the values above 2^(i / 32), up to and including 2^((i + 1) / 32): they differ by 2.2 % at most. */
const MAX_SCALE = 5;
/** Values up to 2^-24 s, which is 60 ns, are counted as 0. No clock of Node.js tells them apart. */
const MIN_EXPONENT = -24;
/** Values above 2^17 s, which is 36 hours, are counted as 2^17 s. */
const MAX_EXPONENT = 17;
const MIN_VALUE = 2 ** MIN_EXPONENT;
const MAX_VALUE = 2 ** MAX_EXPONENT;

/** Buckets are made 32 at a time, where a value needs them: at the finest scale, for one power of 2. */
const CHUNK_BITS = 5;
const CHUNK_BUCKETS = 2 ** CHUNK_BITS;
const MAX_CHUNKS = MAX_EXPONENT - MIN_EXPONENT;
/**
 * The budget: with more chunks, every two buckets become one. 20 chunks are 5 KB. They hold 20 powers of 2, as from 10 us to
 * 10 s, before that happens.
 */
const CHUNK_BUDGET = 20;

/** `[scale, zeros, index, count, gap, count, gap, count ...]`: the first bucket by its index, others by the distance to it. */
export type EncodedHistogram = readonly number[];

/**
 * A base-2 exponential histogram of seconds, as OpenTelemetry defines it: a value differs from the middle of its bucket by
 * 1.1 % at most. Histograms of several processes can be added without an error.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export class FineHistogram implements Histogram {
  #scale = MAX_SCALE;
  #bucketsPerPower = 2 ** MAX_SCALE;
  #zeros = 0;
  #chunks: (number[] | undefined)[] = new Array(MAX_CHUNKS).fill(undefined);
  #chunkCount = 0;

  /** 5, or less where the values needed more buckets than the budget has. */
  get scale(): number {
    return this.#scale;
  }

  /** Values that are counted as 0. */
  get zeros(): number {
    return this.#zeros;
  }

  get total(): number {
    let total = this.#zeros;
    for (const chunk of this.#chunks) if (chunk !== undefined) for (const count of chunk) total += count;
    return total;
  }

  /** Runs once per request. */
  record(value: number): void {
    // Also where it is no number.
    if (!(value > MIN_VALUE)) {
      this.#zeros++;
      return;
    }
    const index = Math.ceil(Math.log2(value < MAX_VALUE ? value : MAX_VALUE) * this.#bucketsPerPower) - 1;
    const chunk = this.#chunks[(index >> CHUNK_BITS) - MIN_EXPONENT];
    if (chunk !== undefined) (chunk[index & (CHUNK_BUCKETS - 1)] as number)++;
    else this.#addAt(index, 1);
  }

  add(other: Histogram, factor = 1): this {
    if (!(other instanceof FineHistogram)) throw new Error('a histogram with other bounds cannot be added');
    if (other.#scale < this.#scale) this.#scaleTo(other.#scale);
    this.#zeros += factor * other.#zeros;
    for (const [chunkIndex, chunk] of other.#chunks.entries()) {
      if (chunk === undefined) continue;
      const first = (chunkIndex + MIN_EXPONENT) * CHUNK_BUCKETS;
      for (let i = 0; i < CHUNK_BUCKETS; i++) {
        const count = chunk[i] as number;
        // The scale may change while counts are added.
        if (count !== 0) this.#addAt((first + i) >> (other.#scale - this.#scale), factor * count);
      }
    }
    return this;
  }

  createEmpty(): FineHistogram {
    return new FineHistogram();
  }

  copy(): FineHistogram {
    return new FineHistogram().add(this);
  }

  /** What was recorded since `earlier`, a copy of this histogram. */
  since(earlier: FineHistogram): FineHistogram {
    return this.copy().add(earlier, -1);
  }

  /** The counts that are not 0, by the index of their bucket, ascending. */
  *entries(): Generator<readonly [index: number, count: number]> {
    for (const [chunkIndex, chunk] of this.#chunks.entries()) {
      if (chunk === undefined) continue;
      const first = (chunkIndex + MIN_EXPONENT) * CHUNK_BUCKETS;
      for (let i = 0; i < CHUNK_BUCKETS; i++) if (chunk[i] !== 0) yield [first + i, chunk[i] as number];
    }
  }

  /** The counts from the lowest to the highest bucket that is not empty, those that are 0 included. */
  toDense(): { readonly first: number; readonly counts: number[] } {
    let low = 0;
    let high = MAX_CHUNKS * CHUNK_BUCKETS - 1;
    while (low <= high && !this.#isFilled(low))
      low += this.#chunks[low >> CHUNK_BITS] === undefined ? CHUNK_BUCKETS : 1;
    while (low <= high && !this.#isFilled(high))
      high -= this.#chunks[high >> CHUNK_BITS] === undefined ? CHUNK_BUCKETS : 1;
    if (low > high) return { first: 0, counts: [] };
    const counts = new Array<number>(high - low + 1).fill(0);
    for (let c = low >> CHUNK_BITS; c <= high >> CHUNK_BITS; c++) {
      const chunk = this.#chunks[c];
      if (chunk === undefined) continue;
      const start = c * CHUNK_BUCKETS;
      const end = Math.min(CHUNK_BUCKETS - 1, high - start);
      for (let i = Math.max(0, low - start); i <= end; i++) counts[start + i - low] = chunk[i] as number;
    }
    return { first: low + MIN_EXPONENT * CHUNK_BUCKETS, counts };
  }

  #isFilled(index: number): boolean {
    const chunk = this.#chunks[index >> CHUNK_BITS];
    return chunk !== undefined && chunk[index & (CHUNK_BUCKETS - 1)] !== 0;
  }

  buckets(): Bucket[] {
    const buckets: Bucket[] = this.#zeros > 0 ? [{ low: 0, high: MIN_VALUE, count: this.#zeros }] : [];
    const bound = (index: number) => 2 ** (index / this.#bucketsPerPower);
    for (const [index, count] of this.entries()) {
      if (count > 0) buckets.push({ low: bound(index), high: bound(index + 1), count });
    }
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
    const encoded = [this.#scale, this.#zeros];
    let last = 0;
    for (const [index, count] of this.entries()) {
      encoded.push(index - last, count);
      last = index;
    }
    return encoded;
  }

  /** @throws where it is malformed */
  static decode(encoded: unknown): FineHistogram {
    const isMalformed =
      !Array.isArray(encoded) || encoded.length < 2 || encoded.length % 2 === 1 || !encoded.every(Number.isSafeInteger);
    if (isMalformed) throw new Error('a histogram is no list of pairs of integers');
    const [scale, zeros, ...rest] = encoded as [number, number, ...number[]];
    // At this scale, each bucket is as wide as all values.
    if (scale > MAX_SCALE || scale < -CHUNK_BITS || zeros < 0) throw new Error('a histogram has no known scale');
    const histogram = new FineHistogram();
    histogram.#scaleTo(scale);
    histogram.#zeros = zeros;
    const limit = histogram.#bucketsPerPower;
    let index = 0;
    for (let i = 0; i < rest.length; i += 2) {
      const [gap, count] = [rest[i] as number, rest[i + 1] as number];
      index += gap;
      const isInRange = index >= Math.floor(MIN_EXPONENT * limit) && index < MAX_EXPONENT * limit;
      if (count <= 0 || (i > 0 && gap <= 0) || !isInRange) throw new Error('a bucket of a histogram is malformed');
      // The scale may change while counts are added.
      histogram.#addAt(index >> (scale - histogram.#scale), count);
    }
    return histogram;
  }

  #addAt(given: number, count: number): void {
    let index = given;
    let chunk = this.#chunks[(index >> CHUNK_BITS) - MIN_EXPONENT];
    while (chunk === undefined) {
      if (this.#chunkCount < CHUNK_BUDGET) {
        chunk = new Array<number>(CHUNK_BUCKETS).fill(0);
        this.#chunks[(index >> CHUNK_BITS) - MIN_EXPONENT] = chunk;
        this.#chunkCount++;
      } else {
        this.#scaleTo(this.#scale - 1);
        index >>= 1;
        chunk = this.#chunks[(index >> CHUNK_BITS) - MIN_EXPONENT];
      }
    }
    (chunk[index & (CHUNK_BUCKETS - 1)] as number) += count;
  }

  /** Makes every two buckets one, until the scale is this one. */
  #scaleTo(scale: number): void {
    const shift = this.#scale - scale;
    if (shift <= 0) return;
    const all = [...this.entries()];
    this.#scale = scale;
    this.#bucketsPerPower = 2 ** scale;
    this.#chunks = new Array(MAX_CHUNKS).fill(undefined);
    this.#chunkCount = 0;
    for (const [index, count] of all) this.#addAt(index >> shift, count);
  }
}
