/**
 * Whether a path segment is a value (an id, a date, a token) and not a word of the path. Words may contain digits: v2.1,
 * oauth2, sha256, k8s, i18n, 2fa, rfc3339, openid-configuration.
 */
export function isVariable(segment: string): boolean {
  if (segment.length > MAX_WORD_CHARS || !WORD_CHARACTERS.test(segment)) return true;
  if (VERSION.test(segment)) return false;
  const digits = HAS_DIGIT.test(segment);
  return (digits && (PATTERNS.test(segment) || digitLetterSwitches(segment) >= MIN_SWITCHES)) || looksRandom(segment);
}

/** Words in paths are shorter; slugs and tokens are longer. */
const MAX_WORD_CHARS = 40;
/**
 * Any other character is a sign of data: percent-escapes, `@ : , + =`, control and non-ASCII characters. `@` and `+` begin
 * the names that tools and frameworks give: `@vite`, `@scope`, `+page`.
 */
export const WORD_CHARACTERS = /^[@+]?[\w.~!$'()*-]+$/;
const HAS_DIGIT = /\d/;
const VERSION = /^v\d+(\.\d+)*$/i;

const PATTERNS = new RegExp(
  [
    String.raw`^\d+(\.[A-Za-z]\w{0,4})?$`, // 42, 42.json
    String.raw`^\d{4}-\d\d?(-\d\d?)?`, // 2026-11, 2026-11-22T10:00
    String.raw`\d{5}`, // order12345
    String.raw`[-_]\d{3,}(\.[A-Za-z]\w{0,4})?$`, // ticket-123
    String.raw`(^|[._-])(?=[A-Fa-f]*\d)[\dA-Fa-f]{7,}($|[._-])`, // hex: commit, ObjectId, part of a UUID, app.3f9c2d1b.js
    String.raw`^([\da-z]{20,}|[\dA-Z]{20,})$`, // cuid, ULID; getOrganizationMembersV2 is a word
  ].join('|'),
);

/** From this many switches between digits and letters on, it is a token: a1b2c3. c3p0, md5sum and x86_64 are words. */
const MIN_SWITCHES = 4;

function digitLetterSwitches(segment: string): number {
  let count = 0;
  let before = '';
  for (const character of segment) {
    const kind = character >= '0' && character <= '9' ? 'digit' : 'letter';
    if (before !== '' && kind !== before) count++;
    before = kind;
  }
  return count;
}

const MIXED_CASE = /[a-z].*[A-Z]|[A-Z].*[a-z]/;
const WORDS = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g;

/**
 * Whether upper and lower case are mixed at random, as in nanoid, base64url and short ids: read as camelCase, the words
 * have about two letters. Of 13,000 identifiers of the DOM and Node this misjudges 12, such as SSL_OP_NO_TLSv1.
 */
export function looksRandom(segment: string, minChars = 10): boolean {
  if (segment.length < minChars || !MIXED_CASE.test(segment)) return false;
  const words = segment.match(WORDS) ?? [];
  return words.join('').length / words.length < (segment.length < 20 ? 2.5 : 3);
}
