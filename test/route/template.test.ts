import { describe, expect, it } from 'vitest';
import { compileTemplate, routeKind } from '../../src/route/template.ts';

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

  it.each(['/files/*', '/:id?', '/:rest*', '/{/:id}', '/[...rest]', String.raw`^\/rx\/(\d+)$`, '/:id([)'])(
    'does not exist for %s',
    (template) => {
      expect(compileTemplate(template)).toBeUndefined();
    },
  );
});
