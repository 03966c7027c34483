import { expect, test } from 'vitest';
import { substitutions } from '../../../src/route/frameworks/polka/substitution.ts';

test.each([
  ['/users/ann', { id: 'ann' }, ['/users/:id']],
  ['/users/ann/', { id: 'ann' }, ['/users/:id']],
  ['/ann', { id: 'ann' }, ['/:id']],
  ['/a/b', { x: 'a', y: 'b' }, ['/:x/:y']],
  ['/reports/june.json', { month: 'june' }, ['/reports/:month.json']],
  ['/users/a%20b', { id: 'a b' }, ['/users/:id']],
  ['/items/12', { item: 12 }, ['/items/:item']],
  ['/files/a/b', { '*': 'a' }, ['/files/*']],
  ['/trees/oak/a/b', { tree: 'oak', '*': 'a' }, ['/trees/:tree/*']],
  ['/', {}, ['/']],
])('%s with %o has the template %o', (path, params, templates) => {
  expect(substitutions(path, Object.keys(params), Object.values(params))).toEqual(templates);
});

test('a fixed segment that equals a value gives two templates, the one with the parameter nearer to the end first', () => {
  expect(substitutions('/users/users', ['id'], ['users'])).toEqual(['/users/:id', '/:id/users']);
});

test('a rest is as long as possible in the first template, so that no value stays in it', () => {
  expect(substitutions('/files/a/b/a', ['*'], ['a'])).toEqual(['/files/*', '/files/a/b/*']);
});

test.each([
  ['is not in the path', '/users/ann', { id: 'bob' }],
  ['comes in a different order', '/b/a', { x: 'a', y: 'b' }],
  ['is only the beginning of a segment', '/users/ann.17', { id: 'ann' }],
  ['is not a text', '/users/ann', { id: { of: 'ann' } }],
  ['cannot be decoded', '/users/%zz', { id: 'zz' }],
])('a value that %s gives no template', (_, path, params) => {
  expect(substitutions(path, Object.keys(params), Object.values(params))).toEqual([]);
});

test('a path that repeats one segment many times is given up after a limited number of steps', () => {
  const path = '/a'.repeat(2000);
  expect(substitutions(path, ['x', 'y', 'z', '*'], ['a', 'a', 'a', 'a'])).toHaveLength(16);
  expect(substitutions(path, ['v', 'w', 'x', 'y', 'z'], ['b', 'a', 'a', 'a', 'a'])).toEqual([]);
  expect(substitutions(path, ['v', 'w', 'x', 'y', '*'], ['b', 'a', 'a', 'a', 'a'])).toEqual([]);
});
