import { expect, it } from 'vitest';
import { isLinear } from '../../src/route/linear-expression.ts';

it.each([
  /^\/rx\/(\d+)$/,
  /^\/pattern\d+/,
  /fixed/,
  // path-to-regexp 0.1, 6 and 8.
  /^\/users(?:\/([^/]+?))(?:\/([^/]+?))?\/?(?=\/|$)/i,
  /^\/from\/(?:([^/]+?))-(?:((?:(?!\/|-).)+?))\/?$/i,
  /^\/files\/(.*)\/?$/i,
  /^(?:\/users(?:\/([^/#?]+?)))[/#?]?$/i,
  // biome-ignore lint/correctness/noEmptyCharacterClassInRegex: path-to-regexp 6 writes it
  /^\/api(?:[/#?](?=[]|$))?(?=[/#?]|[]|$)/i,
  /^(?:\/users\/([^/]+)\/of\/([^/]+))(?:\/$)?$/i,
  /^(?:\/files\/([\s\S]+))(?:\/$)?$/i,
])('takes %s for one that needs no more time than a path is long', (expression) => {
  expect(isLinear(expression)).toBe(true);
});

it.each([
  /^\/items\/([a-z]+)+$/,
  /^\/items\/(?:[a-z]*)*$/,
  /^\/(?:a|a){9}$/,
  /^\/(\w+\w+)$/,
  /^\/a+\/?a+$/,
  /^\/a+(?:\/b)?a+$/,
  /^\/(.*)\/(.*)$/,
  /^\/([^x]+)\/(\w+)\/b$/,
  /^\/([!-z]+)\/(\w+)$/,
  /^\/(?=\w+x)a$/,
  /^\/(a+)\1$/,
  /\d+x/,
  /^\/x|y+z/,
  /^\/a{1,}a{1,}$/,
  /^\/[\x20-z]+\/\w+$/,
  /^\/\u002f+$/,
])('refuses %s', (expression) => {
  expect(isLinear(expression)).toBe(false);
});
