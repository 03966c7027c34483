/**
 * Whether a path segment is a value (an id, a date, a token) rather than a word of the path. Words with digits must
 * survive: v2.1, oauth2, sha256, k8s, i18n, 2fa, rfc3339, openid-configuration.
 */
export function isValue(segment: string): boolean {
  if (segment.length > MAX_WORD || !WORD_CHARACTERS.test(segment)) return true;
  if (!HAS_DIGIT.test(segment) || VERSION.test(segment)) return false;
  return PATTERNS.test(segment) || flips(segment) >= MANY_FLIPS;
}

/** Longer than any word people put into a path, shorter than slugs and tokens. */
const MAX_WORD = 40;
/** Everything else - percent-escapes, `@ : , + =`, control and non-ASCII characters - is data. */
const WORD_CHARACTERS = /^[\w.~!$'()*-]+$/;
const HAS_DIGIT = /\d/;
const VERSION = /^v\d+(\.\d+)*$/i;

const PATTERNS = new RegExp(
  [
    String.raw`^\d+(\.[a-z]\w{0,4})?$`, // 42, 42.json
    String.raw`^\d{4}-\d\d?(-\d\d?)?`, // 2026-11, 2026-11-22T10:00
    String.raw`\d{5}`, // order12345
    String.raw`[-_]\d{3,}(\.[a-z]\w{0,4})?$`, // ticket-123
    String.raw`(^|[._-])(?=[a-f]*\d)[\da-f]{7,}($|[._-])`, // hex: commit, ObjectId, part of a UUID, app.3f9c2d1b.js
    String.raw`^(?=.*[a-z])(?=.*\d)[\da-z]{20,}$`, // ULID, cuid and other long mixed tokens
  ].join('|'),
  'i',
);

/** a1b2c3 is a token; c3p0, md5sum and x86_64 are words. */
const MANY_FLIPS = 4;

function flips(segment: string): number {
  let count = 0;
  let before = '';
  for (const character of segment) {
    const kind = character >= '0' && character <= '9' ? 'digit' : 'letter';
    if (before !== '' && kind !== before) count++;
    before = kind;
  }
  return count;
}
