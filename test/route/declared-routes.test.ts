import { expect, it } from 'vitest';
import { DeclaredRoutes } from '../../src/route/declared-routes.ts';

it('finds the first declared template that a path fits, whatever the shape of the path', () => {
  const declared = new DeclaredRoutes(['/users/:name', '/files/*', '/v*', '/about/:page/edit', '/users/*']);
  const found = [
    ['/users/ann', '/users/:name'],
    ['/users/42?a=/b', '/users/:name'],
    ['//users//42/', '/users/:name'],
    ['http://shop.example/users/42', '/users/:name'],
    ['/files/a/b/c', '/files/*'],
    ['/version', '/v*'],
    ['/about/us/edit', '/about/:page/edit'],
    ['/users/ann/x', '/users/*'],
    ['/files', undefined],
    ['/about/us', undefined],
    ['/', undefined],
  ] as const;
  for (const _ of ['first', 'again']) {
    expect(found.map(([url]) => [url, declared.match(url)])).toEqual(found);
  }
  expect(new DeclaredRoutes([]).match('/users/ann')).toBeUndefined();
});

it('fits no target that is no path', () => {
  const declared = new DeclaredRoutes(['/:name', '/*']);
  expect(['*', 'shop.example:443', '/a'].map((url) => declared.match(url))).toEqual([undefined, undefined, '/:name']);
});
