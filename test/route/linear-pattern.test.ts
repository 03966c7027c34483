import { expect, it } from 'vitest';
import { linearPattern } from '../../src/route/linear-pattern.ts';

/** As build tools write them. */
const PATTERNS = [
  '^\\/x-([^/]+?)-([^/]+?)\\/?$',
  '^\\/([^/]+?)-([^/]+?)-([^/]+?)\\/?$',
  '^/(?:[^/]+?)--(?:[^/]+?)\\.html/?$',
  '^\\/([^/]+?)\\.([^/]*)?\\/?$',
  '^\\/([^/]+?)([^/]+?)\\/([^/]+?)\\/?$',
];

it('matches the same paths', () => {
  const letters = ['a', 'x', '-', '.', '/', '.html'];
  let paths = ['/'];
  for (let length = 0; length < 5; length++)
    paths = paths.flatMap((path) => [path, ...letters.map((each) => path + each)]);
  for (const pattern of PATTERNS) {
    const [before, linear] = [new RegExp(pattern), new RegExp(linearPattern(pattern) ?? '')];
    expect(linear.source).not.toBe(before.source);
    expect(paths.filter((path) => linear.test(path))).toEqual(paths.filter((path) => before.test(path)));
  }
});

it('leaves out patterns with more wide parts than can be matched fast', () => {
  expect(linearPattern('^(?:\\/([^]*))?\\/a(?:\\/([^]*))?\\/?$')).toBe('^(?:\\/([^]*))?\\/a(?:\\/([^]*))?\\/?$');
  expect(linearPattern('^(?:\\/([^]*))?\\/a(?:\\/([^]*))?\\/b(?:\\/([^]*))?\\/?$')).toBeUndefined();
});

it('takes no time that grows with the power of the length', () => {
  const regexp = new RegExp(linearPattern('^\\/([^/]+?)-([^/]+?)-([^/]+?)-([^/]+?)-([^/]+?)\\/?$') ?? '');
  expect(regexp.test(`/${'-'.repeat(500)}/x`)).toBe(false);
});
