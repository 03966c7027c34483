/** Bucket i holds the values above 2^(i / 32), up to and including 2^((i + 1) / 32): they differ by 2.2 % at most. */
export const MAX_SCALE = 5;
/** With twice as wide buckets, the values of any program need no more buckets than the budget of a histogram has. */
export const MIN_SCALE = 4;
/** Values up to 2^-24 s, which is 60 ns, are counted as 0. No clock of Node.js tells them apart. */
export const MIN_EXPONENT = -24;
/** Values above 2^17 s, which is 36 hours, are counted as 2^17 s. */
export const MAX_EXPONENT = 17;

/** `[scale, zeros, index, count, gap, count, gap, count ...]`: the first bucket by its index, others by the distance to it. */
export type EncodedHistogram = readonly number[];

/** @throws where it is malformed */
export function checkEncoded(encoded: unknown): asserts encoded is EncodedHistogram {
  if (!Array.isArray(encoded) || encoded.length < 2 || encoded.length % 2 === 1) {
    throw new Error('a histogram is no list of pairs');
  }
  for (const number of encoded) if (!Number.isSafeInteger(number)) throw new Error('a histogram has no integers');
  const [scale, zeros] = encoded as [number, number];
  if (scale > MAX_SCALE || scale < MIN_SCALE || zeros < 0) throw new Error('a histogram has no known scale');
  const bucketsPerPower = 2 ** scale;
  let index = 0;
  for (let i = 2; i < encoded.length; i += 2) {
    const [gap, count] = [encoded[i] as number, encoded[i + 1] as number];
    index += gap;
    const isInRange = index >= MIN_EXPONENT * bucketsPerPower && index < MAX_EXPONENT * bucketsPerPower;
    if (count <= 0 || (i > 2 && gap <= 0) || !isInRange) throw new Error('a bucket of a histogram is malformed');
  }
}

/** Calls back with the index of each bucket and its count. */
export function forEachEncoded(encoded: EncodedHistogram, callback: (index: number, count: number) => void): void {
  let index = 0;
  for (let i = 2; i < encoded.length; i += 2) {
    index += encoded[i] as number;
    callback(index, encoded[i + 1] as number);
  }
}
