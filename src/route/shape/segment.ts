/**
 * Whether a path segment is a value (an id, a date, a token) rather than a word of the path. Words with digits must
 * survive: v2.1, oauth2, sha256, k8s, i18n, 2fa, rfc3339, openid-configuration.
 */
export function isVariable(segment: string): boolean {
  if (segment.length > MAX_WORD || !WORD_CHARACTERS.test(segment)) return true;
  if (VERSION.test(segment)) return false;
  const digits = HAS_DIGIT.test(segment);
  return (digits && (PATTERNS.test(segment) || digitLetterSwitches(segment) >= MANY_SWITCHES)) || looksRandom(segment);
}

/** Longer than any word people put into a path, shorter than slugs and tokens. */
const MAX_WORD = 40;
/** Everything else - percent-escapes, `@ : , + =`, control and non-ASCII characters - is data. */
const WORD_CHARACTERS = /^[\w.~!$'()*-]+$/;
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

/** a1b2c3 is a token; c3p0, md5sum and x86_64 are words. */
const MANY_SWITCHES = 4;

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
 * Letters of both cases by chance, as nanoid, base64url and short ids have them: read as camelCase they are words of two
 * letters. Of 13,000 identifiers of the DOM and of Node this takes 12 for values, such as SSL_OP_NO_TLSv1.
 */
function looksRandom(segment: string): boolean {
  if (segment.length < 10 || !MIXED_CASE.test(segment)) return false;
  const words = segment.match(WORDS) ?? [];
  return words.join('').length / words.length < (segment.length < 20 ? 2.5 : 3);
}
