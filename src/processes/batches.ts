/** Encoding or decoding one message must not hold up the app. */
const POINTS_PER_MESSAGE = 200;
/** The characters of labels and fine histograms in one message, unless one series alone has more. */
const CHARS_PER_MESSAGE = 64 * 1024;
/** A series with more characters of labels is left out: its message would be longer than the receiver accepts. */
export const MAX_LABEL_CHARS = 1024 * 1024;

/**
 * A series or a point.
 * @property chars  about the length of what can be long: its labels and its fine histogram
 */
interface Encoded<E> {
  readonly encoded: E;
  readonly chars: number;
}

/** Encodes a list, one message's worth at a time. @param encode returns undefined for what is left out */
export function* batches<T, E>(all: readonly T[], encode: (one: T) => Encoded<E> | undefined): Generator<E[]> {
  let batch: E[] = [];
  let charsInBatch = 0;
  for (const one of all) {
    const next = encode(one);
    if (next === undefined) continue;
    const { encoded, chars } = next;
    const isFull = batch.length === POINTS_PER_MESSAGE || charsInBatch + chars > CHARS_PER_MESSAGE;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      charsInBatch = 0;
    }
    batch.push(encoded);
    charsInBatch += chars;
  }
  if (batch.length > 0) yield batch;
}
