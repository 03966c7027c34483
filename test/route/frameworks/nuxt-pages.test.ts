import { expect, test } from 'vitest';
import { readPages } from '../../../src/route/frameworks/nuxt/page-table.ts';

/** The paths of vue-router's records, in its order. Nuxt makes them of the names of files. */
const PATHS = [
  '/custom/:number(\\d+)',
  '/parent/:child()',
  '/users/:id()/posts/:post()',
  '/users/:id()',
  '/files/:name().:type()',
  '/:locale(en|fr)?/shop',
  '/old/:pathMatch(.*)',
  '/tags/:names()+',
  '/a+b',
  '/',
  '/parent',
  '/docs/:slug(.*)*',
];

const pages = readPages({ getRoutes: () => PATHS.map((path) => ({ path })) });

test.each([
  ['/', '/'],
  ['/users/ann', '/users/:id'],
  ['/Users/ann/', '/users/:id'],
  ['/users/a%2Fb', '/users/:id'],
  ['/users/ann/posts/2', '/users/:id/posts/:post'],
  ['/users', undefined],
  ['/custom/12', '/custom/:number(\\d+)'],
  ['/custom/twelve', undefined],
  ['/parent', '/parent'],
  ['/parent/one', '/parent/:child'],
  ['/files/report.pdf', '/files/:name.:type'],
  ['/shop', '/:locale(en|fr)?/shop'],
  ['/fr/shop', '/:locale(en|fr)?/shop'],
  ['/de/shop', undefined],
  ['/old/a/b', '/old/:pathMatch(.*)'],
  ['/tags/a', '/tags/:names+'],
  ['/tags/a/b', '/tags/:names+'],
  ['/tags', undefined],
  ['/a+b', '/a+b'],
  ['/docs', '/docs/:slug(.*)*'],
  ['/docs/a/b', '/docs/:slug(.*)*'],
  ['/nowhere', undefined],
])('%s is the page %s', (path, page) => {
  expect(pages.find(path, path)).toBe(page);
});

test('a path that fits no page takes no time that grows with the power of its length', () => {
  const paths = ['/:a(.*)*/comments', '/x-:slug(.*)+-end', '/:a()-:b()-:c()-:d()', '/:a([^x]+)*/end'];
  const slow = readPages({ getRoutes: () => paths.map((path) => ({ path })) });
  for (const path of [`${'/a'.repeat(200)}/`, `/x${'-'.repeat(400)}/z`]) expect(slow.find(path, path)).toBeUndefined();
  expect(['/a/b/comments', '/x-a/b-end', '/1-2-3-4'].map((path) => slow.find(path, path))).toEqual([
    '/:a(.*)*/comments',
    '/x-:slug(.*)+-end',
    '/:a-:b-:c-:d',
  ]);
});
