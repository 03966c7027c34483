import { looksRandom, WORD_CHARACTERS } from './segment.ts';

/** The default of Vite, Rollup, esbuild and others. They write it in base64url, or in base32 with capitals. */
const HASH_CHARS = 8;
/** File names have more words than other segments: `person-walking-dashed-line-arrow-right`. */
const MAX_NAME_CHARS = 80;
/** The size of an image for screens with more pixels: `logo@2x`. */
const PIXEL_RATIO = /@\dx$/;

const HAS_DIGIT = /\d/;
const HAS_CAPITAL = /[A-Z]/;
const DATA = new RegExp(
  [
    String.raw`^\d+$`, // 42
    String.raw`^\d{4}-\d\d?(-\d\d?)?`, // 2026-11-22
    String.raw`([-_]\d{4}|\d{5})\d*$`, // photo-1234, order12345; sizes and weights are shorter: inter-400
    String.raw`(^|[._-])(?=[A-Fa-f]*\d)[\dA-Fa-f]{7,}($|[._-])`, // hex: app.3f9c2d1b, part of a UUID
    String.raw`(^|[._-])(?=[A-Za-z]*\d)([\da-z]{20,}|[\dA-Z]{20,})($|[._-])`, // base36, ULID
  ].join('|'),
);

/** Whether the name of a file, without its type, has a hash of the content, an id or other data in it. */
export function hasHash(name: string): boolean {
  const plain = name.includes('@') ? name.replace(PIXEL_RATIO, '') : name;
  if (plain.length > MAX_NAME_CHARS || !WORD_CHARACTERS.test(plain)) return true;
  // From the end, where the hash is, though words can follow it: index.md.CBlMZ4Xz.lean.js
  const parts = plain.split('.');
  for (let i = parts.length - 1; i >= 0; i--) if (endsInHash(parts[i] as string, i === 0)) return true;
  return HAS_DIGIT.test(plain) && DATA.test(plain);
}

/**
 * Whether a part of a name between dots is a hash, or words and a hash: `DeLBJUAf`, `index-DeLBJUAf`.
 *
 * @param isFirst whether the name begins with it. Eight characters there are mostly a word: `DataView.js`.
 */
function endsInHash(part: string, isFirst: boolean): boolean {
  const start = part.length - HASH_CHARS;
  if (start < 0) return false;
  const isSeparate = start === 0 ? !isFirst : start > 1 && isSeparator(part[start - 1]);
  if (isSeparate && isHash(part.slice(start), part.startsWith('chunk-'))) return true;
  return HAS_CAPITAL.test(part) && part.split(SEPARATOR).some((token) => looksRandom(token, HASH_CHARS));
}

const SEPARATOR = /[-_]/;
const isSeparator = (character: string | undefined) => character === '-' || character === '_';

/** A word, a number, a word with a number, a size in pixels. */
const WORD = /^([A-Z]?[a-z]+|[a-z]*\d+|\d+[a-z]*|\d+x\d+)$/;
const LOWER_CASE_WORD = /^[a-z]+$/;
const INNER_CAPITAL = /[^-_][A-Z]/;
/** No word of eight letters has only these. */
const HEX = /^[\da-f]+$/;

/**
 * Whether eight characters after a separator are a hash. Words of eight letters have a capital only at their beginning:
 * `-template`, `-Settings`. About one base64url hash in 400 looks like one of them.
 */
function isHash(text: string, isChunk: boolean): boolean {
  if (INNER_CAPITAL.test(text) || HEX.test(text)) return true;
  if (LOWER_CASE_WORD.test(text)) return isChunk && !isPronounceable(text);
  return isChunk || !text.split(SEPARATOR).every((word) => WORD.test(word) && isPronounceable(word));
}

const LETTERS = /[a-z]{4}/i;
const VOWEL = /[aeiouy]/i;
/** What English words do not have: five consonants, `qv`, `kx`. */
const UNPRONOUNCEABLE = /[^aeiouy\d]{5}|[aeiou]{4}|q[^u]|[jqvwxz][bcdfgjkmpqvwxz]|[bcdfghkmpst][jqvxz]/i;

const isPronounceable = (word: string) => !LETTERS.test(word) || (VOWEL.test(word) && !UNPRONOUNCEABLE.test(word));
