import { describe, expect, it } from 'vitest';
import { isValue } from '../../src/route/segment.ts';
import { PathTemplates } from '../../src/route/template.ts';

const WORDS =
  'users v1 v2.1 V3 oauth2 s3 sha256 base64 html5 k8s i18n 2fa rfc3339 openid-configuration .well-known md5sum x86_64 p2p c3p0 a11y h264 utf-8 index.html app.min.js ipv6 web3js iso8601 100-continue covid-19 page-2 my_table_2';
const VALUES = [
  '42',
  '0',
  '42.json',
  'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  '507f1f77bcf86cd799439011',
  'a3f9c21',
  'app.3f9c2d1b.js',
  '2026-11-22',
  '2026-11',
  '2026-11-22T10:00:00Z',
  'caf%C3%A9',
  'me@example.org',
  'a:b',
  'a,b',
  'a+b',
  'a=b',
  'V1StGXR8_Z5jdHi6B-myT',
  'order12345',
  'TICKET-1234',
  'cjld2cjxh0000qzrmn831i7rn',
  'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.abc',
  'how-we-made-our-service-ten-times-faster-in-a-week',
  '\u00e9t\u00e9',
  '"><script>',
];

describe('a segment', () => {
  it.each(WORDS.split(' '))('%s is a word of the path', (word) => {
    expect(isValue(word)).toBe(false);
  });
  it.each(VALUES)('%s is a value', (value) => {
    expect(isValue(value)).toBe(true);
  });
});

describe('a path without a route', () => {
  const template = (url: string) => new PathTemplates().of(url, true);

  it.each([
    ['/', '/'],
    ['', '/'],
    ['/?a=1', '/'],
    ['/users', '/users'],
    ['/users/', '/users'],
    ['//users//42', '/users/:id'],
    ['/users/42?token=secret', '/users/:id'],
    ['/users/42/orders/7', '/users/:id/orders/:id'],
    ['http://shop.example/users/42?a', '/users/:id'],
    ['http://shop.example', '/'],
    ['http://shop.example?a', '/'],
    ['/a/b/c/d/e/f/g/h/i/j/k/l', '/a/b/c/d/e/f/g/h/i/j/*'],
    ['*', undefined],
    ['nonsense', undefined],
  ])('%s is %s', (url, expected) => {
    expect(template(url)).toBe(expected);
  });

  it('is known only by an answer that shows it exists, and keeps its name when it fails later', () => {
    const templates = new PathTemplates();
    expect(templates.of('/admin/login', false)).toBeUndefined();
    expect(templates.of('/admin/login', true)).toBe('/admin/login');
    expect(templates.of('/admin/login', false)).toBe('/admin/login');
    // The beginning of a known path is none itself.
    expect(templates.of('/admin', false)).toBeUndefined();
  });

  it('shares one * with its siblings past 50 of them; the first ones keep their names', () => {
    const templates = new PathTemplates();
    const names = Array.from(
      { length: 60 },
      (_, i) => `${String.fromCharCode(97 + (i % 26))}${'z'.repeat(1 + i / 26)}`,
    );
    const found = names.map((name) => templates.of(`/blog/${name}/comments`, true));
    expect(found).toEqual([
      ...names.slice(0, 50).map((name) => `/blog/${name}/comments`),
      ...Array(10).fill('/blog/*/comments'),
    ]);
    expect(templates.of(`/blog/${names[0]}/comments`, true)).toBe(`/blog/${names[0]}/comments`);
  });

  it('is what was declared, whatever its shape', () => {
    const templates = new PathTemplates(['/users/:name', '/files/*', '/v*', '/about/:page/edit']);
    const found = ['/users/ann', '/users/42', '/files/a/b/c', '/version', '/about/us/edit', '/files', '/users/ann/x'];
    expect(found.map((url) => templates.of(url, false))).toEqual([
      '/users/:name',
      '/users/:name',
      '/files/*',
      '/v*',
      '/about/:page/edit',
      undefined,
      undefined,
    ]);
  });
});
