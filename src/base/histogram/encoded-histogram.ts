import { getOrAdd } from '../get-or-add.ts';

/** Bucket i holds the values above 2^(i / 32), up to and including 2^((i + 1) / 32): they differ by 2.2 % at most. */
export const MAX_SCALE = 5;
/** With twice as wide buckets, the values of any program need no more buckets than the budget of a histogram has. */
export const MIN_SCALE = 4;
/** Values up to 2^-24 s, which is 60 ns, are counted as 0. No clock of Node.js tells them apart. */
export const MIN_EXPONENT = -24;
/** Values above 2^17 s, which is 36 hours, are counted as 2^17 s. */
export const MAX_EXPONENT = 17;

const boundsByScale = new Map<number, readonly number[]>();

/** The bounds of all buckets, from 2^`MIN_EXPONENT` on. They are kept, because a quantile needs many of these powers. */
export function boundsOf(scale: number): readonly number[] {
  return getOrAdd(boundsByScale, scale, () => {
    const bucketsPerPower = 2 ** scale;
    const length = (MAX_EXPONENT - MIN_EXPONENT) * bucketsPerPower + 1;
    return Array.from({ length }, (_, i) => 2 ** (MIN_EXPONENT + i / bucketsPerPower));
  });
}

/** `[scale, zeros, index, count, gap, count, gap, count ...]`: the first bucket by its index, others by the distance to it. */
export type EncodedHistogram = readonly number[];

/** Runs for each increment that another process sends. @throws where it is malformed */
export function checkEncoded(encoded: unknown): asserts encoded is EncodedHistogram {
  if (!Array.isArray(encoded) || encoded.length < 2 || encoded.length % 2 === 1) {
    throw new Error('a histogram is no list of pairs');
  }
  const scale = encoded[0];
  if (scale !== MAX_SCALE && scale !== MIN_SCALE) throw new Error('a histogram has no known scale');
  if (!isCount(encoded[1])) throw new Error('a histogram has no count of zeros');
  const end = MAX_EXPONENT * 2 ** scale;
  let index = MIN_EXPONENT * 2 ** scale;
  for (let i = 2; i < encoded.length; i += 2) {
    const next = i === 2 ? encoded[i] : index + encoded[i];
    const isAscending = Number.isSafeInteger(next) && (i === 2 ? next >= index : next > index) && next < end;
    if (!isAscending || !isCount(encoded[i + 1]) || encoded[i + 1] === 0) {
      throw new Error('a bucket of a histogram is malformed');
    }
    index = next;
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Calls back with the index of each bucket and its count. */
export function forEachEncoded(encoded: EncodedHistogram, callback: (index: number, count: number) => void): void {
  let index = 0;
  for (let i = 2; i < encoded.length; i += 2) {
    index += encoded[i] as number;
    callback(index, encoded[i + 1] as number);
  }
}

type ForEach = (callback: (index: number, count: number) => void) => void;

/** A list while it is made, because its length is not known before. */
const list: number[] = [];

/** @param forEach calls back with the index of each bucket and its count, ascending */
export function encodeBuckets(scale: number, zeros: number, forEach: ForEach): EncodedHistogram {
  list[0] = scale;
  list[1] = zeros;
  let length = 2;
  let last = 0;
  forEach((index, count) => {
    list[length++] = index - last;
    list[length++] = count;
    last = index;
  });
  return list.slice(0, length);
}
