/** Encoding or decoding one message must not hold up the app. */
const POINTS_PER_MESSAGE = 200;
/** The characters of labels in one message, unless one series alone has more. */
const LABEL_CHARS_PER_MESSAGE = 64 * 1024;
/** A series with more characters of labels is left out: its message would be longer than the receiver accepts. */
export const MAX_LABEL_CHARS = 1024 * 1024;

/** A series or a point. Only its labels can be long. */
interface Encoded<E> {
  readonly encoded: E;
  readonly labelChars: number;
}

/** Encodes a list, one message's worth at a time. @param encode returns undefined for what is left out */
export function* batches<T, E>(all: readonly T[], encode: (one: T) => Encoded<E> | undefined): Generator<E[]> {
  let batch: E[] = [];
  let labelChars = 0;
  for (const one of all) {
    const next = encode(one);
    if (next === undefined) continue;
    const { encoded, labelChars: chars } = next;
    const isFull = batch.length === POINTS_PER_MESSAGE || labelChars + chars > LABEL_CHARS_PER_MESSAGE;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      labelChars = 0;
    }
    batch.push(encoded);
    labelChars += chars;
  }
  if (batch.length > 0) yield batch;
}
