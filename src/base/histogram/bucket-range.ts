import type { EncodedHistogram } from './encoded-histogram.ts';

/** The range grows by this many buckets, so that it seldom does. */
const STEP_BITS = 4;
const STEP = 2 ** STEP_BITS;
const NONE: number[] = [];

/** Increases whenever changes are taken: the next ones are then looked for only where a count changed later. */
let now = 1;

/** The range with these buckets, and with some around them: it begins and ends at a multiple of `STEP`. */
export function rangeOf(low: number, high: number): { readonly first: number; readonly length: number } {
  const first = (low >> STEP_BITS) * STEP;
  return { first, length: (((high - first) >> STEP_BITS) + 1) * STEP };
}

/** The counts of a range of buckets. Those outside of it are empty. */
export class BucketRange {
  #counts = NONE;
  /** For every `STEP` counts, when one of them last changed. */
  #changed = NONE;
  /** The index of the first bucket: a multiple of `STEP`. */
  #first = 0;
  /** When changes since this copy were last taken. */
  #taken = 0;

  get first(): number {
    return this.#first;
  }

  get counts(): readonly number[] {
    return this.#counts;
  }

  /** Counts one value, where the range has its bucket. Runs once per request. @returns whether it has */
  increment(index: number): boolean {
    const i = index - this.#first;
    if (i < 0 || i >= this.#counts.length) return false;
    (this.#counts[i] as number)++;
    this.#changed[i >> STEP_BITS] = now;
    return true;
  }

  /** @param index of a bucket in the range */
  add(index: number, count: number): void {
    const i = index - this.#first;
    (this.#counts[i] as number) += count;
    this.#changed[i >> STEP_BITS] = now;
  }

  /** Adds the counts of another range, times `factor`. @returns whether it can, with at most `max` buckets */
  addRange(other: BucketRange, factor: number, max: number): boolean {
    const added = other.#counts;
    if (added.length === 0) return true;
    if (!this.include(other.#first, other.#first + added.length - 1, max)) return false;
    const [counts, offset] = [this.#counts, other.#first - this.#first];
    for (let i = 0; i < added.length; i++) (counts[i + offset] as number) += factor * (added[i] as number);
    this.#changed.fill(now, offset / STEP, (offset + added.length) / STEP);
    return true;
  }

  /** Adds the counts of a list, times `factor`. @returns whether it can, with at most `max` buckets */
  addEncoded(encoded: EncodedHistogram, factor: number, max: number): boolean {
    if (encoded.length === 2) return true;
    let last = 0;
    for (let i = 2; i < encoded.length; i += 2) last += encoded[i] as number;
    if (!this.include(encoded[2] as number, last, max)) return false;
    const [counts, changed] = [this.#counts, this.#changed];
    let index = -this.#first;
    for (let i = 2; i < encoded.length; i += 2) {
      index += encoded[i] as number;
      (counts[index] as number) += factor * (encoded[i + 1] as number);
      changed[index >> STEP_BITS] = now;
    }
    return true;
  }

  /** Makes the range include these buckets. @returns whether it can, with at most `max` buckets */
  include(from: number, to: number, max: number): boolean {
    const before = this.#counts.length;
    // So it is for most counts that are added, and nothing is copied.
    if (from >= this.#first && to < this.#first + before) return true;
    const end = this.#first + before - 1;
    const low = before === 0 || from < this.#first ? from : this.#first;
    const high = before === 0 || to > end ? to : end;
    const { first, length } = rangeOf(low, high);
    if (length > max) return false;
    if (length === before) return true;
    this.#counts = shifted(this.#counts, this.#first - first, length);
    this.#changed = shifted(this.#changed, (this.#first - first) / STEP, length / STEP);
    this.#first = first;
    return true;
  }

  /** Calls back with the counts that are not 0, ascending. */
  forEach(callback: (index: number, count: number) => void): void {
    const counts = this.#counts;
    for (let i = 0; i < counts.length; i++) {
      if (counts[i] !== 0) callback(this.#first + i, counts[i] as number);
    }
  }

  /** The counts from the lowest to the highest bucket that is not empty, those that are 0 included. */
  toDense(): { readonly first: number; readonly counts: number[] } {
    const counts = this.#counts;
    let [low, high] = [0, counts.length];
    while (low < high && counts[low] === 0) low++;
    while (low < high && counts[high - 1] === 0) high--;
    return { first: low < high ? this.#first + low : 0, counts: counts.slice(low, high) };
  }

  copy(): BucketRange {
    const copy = new BucketRange();
    copy.#counts = this.#counts.slice();
    copy.#changed = this.#changed.slice();
    copy.#first = this.#first;
    return copy;
  }

  /** Calls back with what was added to each bucket since `copy` was equal to this range. It is equal again afterwards. */
  takeSince(copy: BucketRange, callback: (index: number, added: number) => void): void {
    const [counts, changed] = [this.#counts, this.#changed];
    copy.include(this.#first, this.#first + counts.length - 1, counts.length);
    const before = copy.#counts;
    for (let step = 0; step < changed.length; step++) {
      if ((changed[step] as number) < copy.#taken) continue;
      for (let i = step * STEP; i < (step + 1) * STEP; i++) {
        const added = (counts[i] as number) - (before[i] as number);
        if (added === 0) continue;
        before[i] = counts[i] as number;
        callback(this.#first + i, added);
      }
    }
    copy.#taken = ++now;
  }
}

/** A list of `length` numbers that has `numbers` from `offset` on, and 0 elsewhere. */
function shifted(numbers: readonly number[], offset: number, length: number): number[] {
  const list = new Array<number>(length).fill(0);
  for (let i = 0; i < numbers.length; i++) list[offset + i] = numbers[i] as number;
  return list;
}
