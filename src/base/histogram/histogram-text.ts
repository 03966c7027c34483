import { FineHistogram } from './fine-histogram.ts';

/** Printable ASCII that JSON does not escape: `!` to `~` without `"` and `\`. */
const CODES = Array.from({ length: 94 }, (_, i) => i + 33).filter((code) => code !== 34 && code !== 92);
const CHARS = CODES.map((code) => String.fromCharCode(code));
const VALUES = new Uint8Array(128);
CODES.forEach((code, value) => {
  VALUES[code] = value;
});
/** The first half of the characters ends a number; the second half is followed by further digits. */
const BASE = CODES.length / 2;

/** One number holds the count of a bucket and the distance to it, which is 1 or 2 for most. A longer distance takes two. */
const SHORT_DISTANCES = 4;

/**
 * A histogram as text for JSON. Most buckets take one character, so that it is a third as long as a list of numbers. It holds
 * the scale, the zeros and the index of the first bucket, and then the buckets.
 */
export function textOf(histogram: FineHistogram): string {
  let text = writeNumber(unsigned(histogram.scale)) + writeNumber(histogram.zeros);
  let last: number | undefined;
  for (const [index, count] of histogram.entries()) {
    if (last === undefined) text += writeNumber(unsigned(index));
    const empty = last === undefined ? 0 : index - last - 1;
    const short = Math.min(empty, SHORT_DISTANCES - 1);
    text += writeNumber((count - 1) * SHORT_DISTANCES + short);
    if (short === SHORT_DISTANCES - 1) text += writeNumber(empty - short);
    last = index;
  }
  return text;
}

export const parseHistogram = (text: string): FineHistogram => addText(new FineHistogram(), text);

/** Adds the histogram of a text that `textOf` wrote. @param factor of its counts */
export function addText(histogram: FineHistogram, text: string, factor = 1): FineHistogram {
  let at = 0;
  const readNumber = (): number => {
    let digit = VALUES[text.charCodeAt(at++)] as number;
    if (digit < BASE) return digit;
    let [value, place] = [0, 1];
    for (; digit >= BASE; digit = VALUES[text.charCodeAt(at++)] as number) {
      value += (digit - BASE) * place;
      place *= BASE;
    }
    return value + digit * place;
  };
  const scale = signed(readNumber());
  histogram.addZeros(factor * readNumber());
  if (at === text.length) return histogram;
  let index = signed(readNumber()) - 1;
  while (at < text.length) {
    const number = readNumber();
    const short = number % SHORT_DISTANCES;
    index += 1 + short + (short === SHORT_DISTANCES - 1 ? readNumber() : 0);
    histogram.addBucket(scale, index, factor * (1 + (number - short) / SHORT_DISTANCES));
  }
  return histogram;
}

function writeNumber(value: number): string {
  let text = '';
  let rest = value;
  for (; rest >= BASE; rest = Math.floor(rest / BASE)) text += CHARS[BASE + (rest % BASE)];
  return text + CHARS[rest];
}

/** 0, -1, 1, -2 ... as 0, 1, 2, 3 ... */
const unsigned = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const signed = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
