import { expect, it } from 'vitest';
import { ruleOf } from '../../../src/route/frameworks/h3/route-rules.ts';

const REDIRECT = { redirect: { to: '/new', statusCode: 302 } };
const askedBy = (routeRules: () => object, paths: readonly string[]) =>
  paths.map((path) => ruleOf({ _nitro: { routeRules: routeRules() } }, path));

it('a segment is part of the path of a rule of Nitro 2 only when the rule has shown it twice', () => {
  const rule = () => rules;
  let rules = structuredClone(REDIRECT);
  expect(askedBy(rule, ['/old/ann', '/old/ben', '/old/cid'])).toEqual([undefined, '/old/*', '/old/*']);
  rules = structuredClone(REDIRECT);
  expect(askedBy(rule, ['/moved', '/moved'])).toEqual([undefined, '/moved']);
  rules = structuredClone(REDIRECT);
  expect(askedBy(rule, ['/people/17/profile', '/people/18/profile'])).toEqual([undefined, '/people/*/profile']);
  rules = structuredClone(REDIRECT);
  expect(askedBy(rule, ['/old/ann', '/old/ann/b', '/old/ben', '/old/c/d'])).toEqual([
    undefined,
    '/old/ann/**',
    '/old/**',
    '/old/**',
  ]);
  rules = structuredClone(REDIRECT);
  expect(askedBy(rule, ['/ann', '/ben', '/cid/x'])).toEqual([undefined, undefined, undefined]);
});

it('rules that Nitro merges for each request name no path', () => {
  const names = Array.from({ length: 300 }, (_, i) => `/old/user${String.fromCharCode(97 + (i % 26), 97 + (i >> 4))}`);
  expect(new Set(askedBy(() => structuredClone(REDIRECT), names))).toEqual(new Set([undefined]));
});
