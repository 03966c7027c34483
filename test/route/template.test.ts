import { describe, expect, it } from 'vitest';
import { compileTemplate, routeKind, withoutEndSlashes } from '../../src/route/template.ts';

it.each([
  ['exact', ['/', '/a/b', '/users/:id/orders', '/:file.json', '/:a-:b', String.raw`^\/rx\/(\d+)$`, String.raw`/^\/x/`]],
  ['open', ['/users/:id', '/users/:id?', String.raw`/users/:id(\d+)`, '/users/{id}', '/{a?}', '/users/[id]', '/:slug']],
  ['open', ['/docs/[...page]', '/docs/[[...page]]', '/[[...slug]]', '/api/:rest*', '/api/:rest+', '/api/{rest*}']],
  [
    'wildcard',
    ['/files/*', '/files/*splat', '/files/{*path}', '/x/(.*)', '/x/:y(.*)', '/x/:y(.*)*', '/docs/**', '/docs/**:page'],
  ],
  [
    'catch-all',
    ['*', '/*', '/*splat', '/{*splat}', '{*splat}', '/**', '/**:all', '(.*)', '/(.*)', '/:path(.*)', '/:path(.*)*'],
  ],
  ['catch-all', ['/:path(*)', '/.*/', '.*', '^.*$', String.raw`/^\/(.*)/`]],
])('takes these templates for %s: %j', (kind, templates) => {
  expect(templates.map((template) => [template, routeKind(template)])).toEqual(templates.map((each) => [each, kind]));
});

it('removes slashes at the end, and needs no time for many slashes before it', () => {
  expect(['/a//', '/', '', '//a'].map(withoutEndSlashes)).toEqual(['/a', '', '', '//a']);
  const path = `/x${'/'.repeat(100_000)}a`;
  const start = performance.now();
  expect(withoutEndSlashes(path)).toBe(path);
  expect(performance.now() - start).toBeLessThan(200);
});

describe('the pattern of a template', () => {
  const fits = (template: string, ...paths: string[]) =>
    paths.filter((path) => compileTemplate(template)?.regexp.test(path));

  it('fits the paths of the route in the spelling of any framework', () => {
    for (const template of ['/users/:id/x.y', '/users/{id}/x.y', '/users/[id]/x.y']) {
      expect(
        fits(template, '/users/ann/x.y', '//users/42//x.y/', '/users/ann/x-y', '/users/x.y', '/a/users/b/x.y'),
      ).toEqual(['/users/ann/x.y', '//users/42//x.y/']);
    }
    expect(fits('/:file.json', '/a.json', '/.json', '/a.jsonl')).toEqual(['/a.json']);
    expect(fits('/', '/', '', '/a')).toEqual(['/', '']);
  });

  it('keeps the constraint of a parameter', () => {
    expect(fits(String.raw`/users/:id(\d+)`, '/users/42', '/users/new')).toEqual(['/users/42']);
    expect(fits(String.raw`/users/:id(^\d+$)`, '/users/42', '/users/new')).toEqual(['/users/42']);
  });

  it('takes the first parameter of a segment as long as it can, as path-to-regexp 8 does', () => {
    expect(fits('/:from-:to', '/a-b', '/a-b-c', '/a-', '/ab')).toEqual(['/a-b', '/a-b-c']);
    expect(fits('/:file.:type', '/a.json', '/a.b.json', '/.json')).toEqual(['/a.json', '/a.b.json']);
    expect(fits('/:a.xb:c', '/1.xb2', '/1.xb')).toEqual(['/1.xb2']);
    expect(
      fits(String.raw`/:year(\d{4})/:lang(en|ko)/:id([0-9a-f-]+)`, '/2026/ko/a-1', '/26/ko/a', '/2026/de/a'),
    ).toEqual(['/2026/ko/a-1']);
  });

  it.each(['/:a-:b-:c-:d-:e.json', '/{a}.{b}.{c}.{d}!', String.raw`/:id(\w+)!`, String.raw`/:a([\w-]*)x/:b(a|b)y`])(
    'needs no time for a long path that %s does not fit',
    (template) => {
      const { regexp } = compileTemplate(template) as { regexp: RegExp };
      const start = performance.now();
      for (const text of ['-', '.', 'a', 'a-', 'x', 'ax.', '/']) {
        expect(regexp.test(`/${text.repeat(16_000 / text.length)}`)).toBe(false);
      }
      expect(performance.now() - start).toBeLessThan(200);
    },
  );

  it.each([
    String.raw`/:id(\w*\w*)`,
    '/:id(.+)',
    '/:id([^x]+)',
    String.raw`/:id(\D+)`,
    '/:a:b',
    String.raw`/:a(\d+)-:b`,
    '/:id(a{1,}b+)',
  ])('does not exist for %s, which may need the square of the length of a path', (template) => {
    expect(compileTemplate(template)).toBeUndefined();
  });

  it.each(['/files/*', '/:id?', '/:rest*', '/{/:id}', '/[...rest]', String.raw`^\/rx\/(\d+)$`, '/:id([)'])(
    'does not exist for %s',
    (template) => {
      expect(compileTemplate(template)).toBeUndefined();
    },
  );
});
