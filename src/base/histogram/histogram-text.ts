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
 * A histogram as text for JSON, where most buckets take one character, and more in a list of numbers. It holds the scale, the
 * zeros and the index of the first bucket, and then the buckets.
 */
export function textOf(histogram: FineHistogram): string {
  let text = writeNumber(unsigned(histogram.scale)) + writeNumber(histogram.zeros);
  let last: number | undefined;
  for (const [index, count] of histogram.entries()) {
    if (last === undefined) text += writeNumber(unsigned(index));
    const empty = last === undefined ? 0 : index - last - 1;
    const short = empty < SHORT_DISTANCES ? empty : SHORT_DISTANCES - 1;
    text += writeNumber((count - 1) * SHORT_DISTANCES + short);
    if (short === SHORT_DISTANCES - 1) text += writeNumber(empty - short);
    last = index;
  }
  return text;
}

export const parseHistogram = (text: string): FineHistogram => addText(new FineHistogram(), text);

/** Adds the histogram of a text that `textOf` wrote. @param factor of its counts */
export const addText = (histogram: FineHistogram, text: string, factor = 1): FineHistogram =>
  histogram.addEncoded(readList(text), factor);

/** Whether `textOf` wrote it. */
export function isHistogramText(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  try {
    return textOf(FineHistogram.decode(readList(text))) === text;
  } catch {
    return false;
  }
}

function readList(text: string): number[] {
  const length = readNumbers(text);
  const list = [signed(numbers[0] as number), numbers[1] as number];
  let gap = signed(numbers[2] as number) - 1;
  for (let i = 3; i < length; i++) {
    const number = numbers[i] as number;
    const short = number % SHORT_DISTANCES;
    gap += 1 + short;
    if (short === SHORT_DISTANCES - 1) gap += numbers[++i] as number;
    list.push(gap, 1 + (number - short) / SHORT_DISTANCES);
    gap = 0;
  }
  return list;
}

/** The numbers of the text that is being read. One list for all: a page reads tens of thousands of texts at once. */
const numbers: number[] = [];

/** @returns how many numbers there are */
function readNumbers(text: string): number {
  let [length, value, place] = [0, 0, 1];
  for (let i = 0; i < text.length; i++) {
    const digit = VALUES[text.charCodeAt(i)] as number;
    if (digit < BASE) {
      numbers[length++] = value + digit * place;
      value = 0;
      place = 1;
    } else {
      value += (digit - BASE) * place;
      place *= BASE;
    }
  }
  return length;
}

function writeNumber(value: number): string {
  let text = '';
  let rest = value;
  for (; rest >= BASE; rest = (rest - (rest % BASE)) / BASE) text += CHARS[BASE + (rest % BASE)];
  return text + CHARS[rest];
}

/** 0, -1, 1, -2 ... as 0, 1, 2, 3 ... */
const unsigned = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const signed = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2);
