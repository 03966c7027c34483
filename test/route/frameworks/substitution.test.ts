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
])('%s with %o came by %o', (path, params, templates) => {
  expect(substitutions(path, Object.keys(params), Object.values(params))).toEqual(templates);
});

test('a segment that equals a value leaves more than one', () => {
  expect(substitutions('/users/users', ['id'], ['users'])).toEqual(['/users/:id', '/:id/users']);
});

test('of what takes the rest, the one that takes most comes first: what it leaves is no value', () => {
  expect(substitutions('/files/a/b/a', ['*'], ['a'])).toEqual(['/files/*', '/files/a/b/*']);
});

test.each([
  ['is not in the path', '/users/ann', { id: 'bob' }],
  ['comes in another order', '/b/a', { x: 'a', y: 'b' }],
  ['is only the beginning of a segment', '/users/ann.17', { id: 'ann' }],
  ['is nothing that a path has', '/users/ann', { id: { of: 'ann' } }],
  ['cannot be decoded', '/users/%zz', { id: 'zz' }],
])('a value that %s makes no template', (_, path, params) => {
  expect(substitutions(path, Object.keys(params), Object.values(params))).toEqual([]);
});

test('a path of the same segment over and over is given up in time', () => {
  const path = '/a'.repeat(2000);
  expect(substitutions(path, ['x', 'y', 'z', '*'], ['a', 'a', 'a', 'a'])).toHaveLength(16);
  expect(substitutions(path, ['v', 'w', 'x', 'y', 'z'], ['b', 'a', 'a', 'a', 'a'])).toEqual([]);
  expect(substitutions(path, ['v', 'w', 'x', 'y', '*'], ['b', 'a', 'a', 'a', 'a'])).toEqual([]);
});
