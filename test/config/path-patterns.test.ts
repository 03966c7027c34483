import { describe, expect, it } from 'vitest';
import { createPathMatcher, pathPattern } from '../../src/config/path-patterns.ts';

/** Of these values of the `path` label, the ones that the entries match. */
const matched = (entries: string[], labels: string[], method = 'GET') =>
  labels.filter((label) => createPathMatcher(entries)?.matchesLabel(label, method));

/** Labels as frameworks write them: regular expressions with commas, blanks and wildcards among them. */
const LABELS = [
  '*',
  '/*',
  '/**',
  '/*splat',
  '/{*splat}',
  '(.*)',
  '.*fly$',
  '^\\/rx',
  '/^\\/rx\\/(\\d+)$/',
  '^\\/a{1\\,2}$',
  '/users/:id',
  '/users/{id}',
  '/from/:a-:b',
  '/maybe/:x?',
  '/maybe{/:x}',
  '/shop.Cart/Add',
  '/static',
  'unmatched',
  'other',
];

it.each(LABELS.filter((label) => !/[, ]/.test(label)))(
  'accepts the label %s as an entry, which matches it',
  (label) => {
    expect(pathPattern(label)).toBe(label);
    expect(matched([label], LABELS)).toContain(label);
    expect(matched([label], LABELS, 'POST')).toContain(label);
  },
);

it('matches labels with a comma or a blank, which entries write as %2C and %20', () => {
  expect(matched(['^\\/a{1\\%2C2}$', '/a%20b'], [...LABELS, '/a b', '/a%20b'])).toEqual([
    '^\\/a{1\\,2}$',
    '/a b',
    '/a%20b',
  ]);
});

it.each(['*', '/*', '/**', 'GET *'])('takes %s for that label alone, because it would match everything', (entry) => {
  expect(matched([entry], LABELS)).toEqual([entry.replace('GET ', '')]);
});

it.each([
  ['/health*', ['/health', '/healthz', '/health/live'], ['/heal', '/v1/health']],
  ['/static/*', ['/static/', '/static/app.js', '/static/a/b', '/static/*'], ['/static', '/statics/a']],
  ['*/health', ['/health', '/v1/health', '/a/b/health'], ['/health/live']],
  ['/api/*/internal/*', ['/api/v1/internal/x', '/api//internal/'], ['/api/internal/x', '/api/v1/internal']],
  ['/a*a', ['/aa', '/aba'], ['/a']],
])('matches any characters where %s has a *', (entry, yes, no) => {
  expect(matched([entry], [...yes, ...no])).toEqual(yes);
});

describe('an entry with a method', () => {
  it('matches only requests with it', () => {
    const entries = ['get /health*', 'POST /hooks', '/metrics'];
    const labels = ['/health/live', '/hooks', '/metrics'];
    expect(matched(entries, labels, 'GET')).toEqual(['/health/live', '/metrics']);
    expect(matched(entries, labels, 'POST')).toEqual(['/hooks', '/metrics']);
    expect(matched(entries, labels, 'PUT')).toEqual(['/metrics']);
  });
});

it('matches the path of a request target, whatever its query is', () => {
  const matcher = createPathMatcher(['/favicon.ico', 'GET /static/*', '/a%20b']);
  const urls = ['/favicon.ico?v=2', '/static/a.js', 'http://shop/static/a.js?x', '/a%20b', '/?to=/favicon.ico', '/'];
  expect(urls.filter((url) => matcher?.matchesUrl(url, 'GET'))).toEqual(urls.slice(0, 4));
  expect(urls.filter((url) => matcher?.matchesUrl(url, 'HEAD'))).toEqual(['/favicon.ico?v=2', '/a%20b']);
});

it.each(['health', 'health/live', '/health /ready', 'GET health', '/health?ready=1', '', 'GET', 'favicon.ico'])(
  'refuses %j, which would match nothing',
  (entry) => {
    expect(pathPattern(entry)).toBeUndefined();
  },
);

it('is undefined for an empty list', () => {
  expect(createPathMatcher([])).toBeUndefined();
});

it('answers the same for more labels than it keeps answers', () => {
  const matcher = createPathMatcher(['/static/*']);
  const labels = Array.from({ length: 25_000 }, (_, i) => `${i % 2 ? '/static' : '/pages'}/${i}`);
  for (let round = 0; round < 2; round++) {
    const found = labels.filter((label) => matcher?.matchesLabel(label, 'GET'));
    expect(found).toEqual(labels.filter((label) => label.startsWith('/static')));
  }
});

it('takes time that grows with the length of a path alone, however many wildcards a pattern has', () => {
  const matcher = createPathMatcher([`/${'a*'.repeat(20)}c*b`]);
  const started = performance.now();
  for (let i = 0; i < 100; i++) expect(matcher?.matchesUrl(`/${'a'.repeat(16_000)}b`, 'GET')).toBe(false);
  expect(performance.now() - started).toBeLessThan(1_000);
});
