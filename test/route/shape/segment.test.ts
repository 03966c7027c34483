import { describe, expect, it } from 'vitest';
import { isVariable } from '../../../src/route/shape/segment.ts';

const WORDS = [
  'users v1 v2.1 V3 v1beta1 oauth2 s3 sha256 base64 html5 k8s i18n l10n a11y 2fa rfc3339 openid-configuration .well-known',
  'md5sum x86_64 p2p e2e c3p0 h264 mp4 utf-8 ipv6 web3js iso8601 100-continue covid-19 page-2 step1 my_table_2 us-east-1',
  'index.html app.min.js robots.txt favicon.ico apple-touch-icon.png README.md',
  '@vite @fs @id @react-refresh @scope @ann ~partytown $ _app _data __data.json +page.svelte +server.ts (group) $id',
  'getUserById getURLForHTTPRequest toISOString XMLHttpRequest OAuth2Callback IPv4Address isOAuth2Enabled',
  'getOrganizationMembersV2 exportTransactionsV2 CanvasRenderingContext2D UserService.GetUser grpc.health.v1.Health',
].join(' ');

const VALUES: Record<string, string[]> = {
  numbers: ['42', '0', '42.json', 'order12345', 'TICKET-1234'],
  dates: ['2026-11-22', '2026-11', '2026-1-2', '2026-11-22T10:00:00Z', '20261122'],
  UUID: ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 'F47AC10B58CC4372A5670E02B2C3D479'],
  ULID: ['01ARZ3NDEKTSV4RRFFQ69G5FAV'],
  cuid: ['cjld2cjxh0000qzrmn831i7rn', 'tz4a98xxat96iws9zmbrgj3a'],
  ObjectId: ['507f1f77bcf86cd799439011'],
  hex: ['a3f9c21', 'app.3f9c2d1b.js', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  nanoid: ['V1StGXR8_Z5jdHi6B-myT', 'OGbxVZaQgF_lXPorb_tAv'],
  base64url: ['rBkINzbDc_LDsGHHAVd0ew', 'HApeJNnSCdpL-TTq-zIwOA', 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9'],
  'short ids': ['dQw4w9WgXcQ', 'ofTjxul3hZC', 'cus_NffrFeUfNV2Hib', '1A2b3C4d'],
  'percent-escapes': ['caf%C3%A9', '%2e%2e', 'a%20b'],
  'characters that words do not have': [
    'me@example.org',
    'a:b',
    'a,b',
    'a+b',
    'a=b',
    'a;b',
    '\u00e9t\u00e9',
    '"><script>',
    'a#b',
  ],
  'too long for a word': ['how-we-made-our-service-ten-times-faster-in-a-week', 'x'.repeat(41)],
};

describe('a word of the path', () => {
  it.each(WORDS.split(' '))('%s', (word) => {
    expect(isVariable(word)).toBe(false);
  });
});

describe.each(Object.entries(VALUES))('a value: %s', (_, values) => {
  it.each(values)('%s', (value) => {
    expect(isVariable(value)).toBe(true);
  });
});

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALL = LETTERS + LETTERS.toUpperCase() + DIGITS;

/** Kinds of generated ids: their length and characters, and how many per cent of them may be taken for words. */
const IDS = {
  nanoid: { length: 21, of: `${ALL}_-`, missed: 3 },
  'base64url of 16 bytes': { length: 22, of: `${ALL}_-`, missed: 3 },
  'base64url of 32 bytes': { length: 43, of: `${ALL}_-`, missed: 0 },
  KSUID: { length: 27, of: ALL, missed: 2 },
  'Firestore id': { length: 20, of: ALL, missed: 2 },
  'video id': { length: 11, of: `${ALL}_-`, missed: 15 },
  cuid: { length: 24, of: LETTERS + DIGITS, missed: 1 },
  ULID: { length: 26, of: '0123456789ABCDEFGHJKMNPQRSTVWXYZ', missed: 1 },
  ObjectId: { length: 24, of: '0123456789abcdef', missed: 0 },
};

it.each(Object.entries(IDS))('few of 5,000 generated ids are taken for words: %s', (_, { length, of, missed }) => {
  let seed = 42;
  const pick = () => {
    seed = (seed * 1664525 + 1013904223) >>> 0;
    return of[Math.floor((seed / 2 ** 32) * of.length)];
  };
  const ids = Array.from({ length: 5000 }, () => Array.from({ length }, pick).join(''));
  const words = ids.filter((id) => !isVariable(id));
  expect(words.length / 50).toBeLessThanOrEqual(missed);
});
