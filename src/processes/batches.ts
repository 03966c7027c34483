/** Encoding or decoding one message must not hold up the app. */
const POINTS_PER_MESSAGE = 200;
/** The characters of labels in one message, unless one series alone has more. */
const LABEL_CHARS_PER_MESSAGE = 64 * 1024;
/** A series with more characters of labels is left out: its message would be longer than the receiver accepts. */
const MAX_LABEL_CHARS = 1024 * 1024;

/** An encoded series or point. Only its first label can be long. */
type Encoded = readonly [label: string, ...unknown[]];

/** Encodes a list, one message's worth at a time. */
export function* batches<T, E extends Encoded>(all: readonly T[], encode: (one: T) => E): Generator<E[]> {
  let batch: E[] = [];
  let labelChars = 0;
  for (const one of all) {
    const encoded = encode(one);
    const chars = encoded[0].length;
    if (chars > MAX_LABEL_CHARS) continue;
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
