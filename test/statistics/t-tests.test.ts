import { expect, it } from 'vitest';
import { tQuantile, twoSidedP } from '../../src/statistics/student.ts';
import { pairedTTest, placeboP, welchTTest } from '../../src/statistics/t-tests.ts';
import { holm } from '../../src/statistics/verdicts.ts';

// The titles contain the commands of scipy 1.17.1 and statsmodels 0.14 that printed the expected values.

it.each([
  [0.95, 1, 12.706204736174694],
  [0.95, 4, 2.7764451051977934],
  [0.95, 9, 2.262157162798205],
  [0.99, 7.3, 3.451031655622185],
  [0.9, 120, 1.6576508993552352],
])('has the quantiles of t: stats.t.ppf((1 + %d) / 2, %d)', (probability, freedom, expected) => {
  expect(tQuantile(probability, freedom)).toBeCloseTo(expected, 9);
});

it.each([
  [0, 5, 1],
  [2.306, 8, 0.050000322761284174],
  [-3.5, 9, 0.006723515763058959],
  [12, 2.5, 0.0028362150300783244],
  [1e-3, 30, 0.9992087357664851],
])('has the tails of t: 2 * stats.t.sf(abs(%d), %d)', (t, freedom, expected) => {
  expect(twoSidedP(t, freedom)).toBeCloseTo(expected, 10);
});

const A = [1.1, 1.3, 0.9, 1.2, 1.05];
const B = [1.0, 1.15, 0.8, 1.1, 1.02];
const C = [1.6, 1.1, 1.9, 1.4];

it('compares pairs as stats.ttest_rel(B, A) does, with its confidence_interval()', () => {
  const { estimate, low, high, p } = pairedTTest(A, B, 0.95);
  expect(estimate).toBeCloseTo(-0.096, 12);
  expect(p).toBeCloseTo(0.007395780588641945, 10);
  expect([low, high].map((value) => value.toFixed(10))).toEqual(['-0.1491165224', '-0.0428834776']);
});

it('compares sets as stats.ttest_ind(C, A, equal_var=False) does, with its confidence_interval()', () => {
  const { estimate, low, high, p } = welchTTest(A, C, 0.95);
  expect(estimate).toBeCloseTo(0.39, 12);
  expect(p).toBeCloseTo(0.09852416986213273, 9);
  expect([low, high].map((value) => value.toFixed(9))).toEqual(['-0.115128025', '0.895128025']);
});

it("corrects as multipletests(..., method='holm') does", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005, 0.5]).map((p) => Number(p.toFixed(12)))).toEqual([
    0.04, 0.09, 0.09, 0.025, 0.5,
  ]);
  expect(holm([])).toEqual([]);
});

it('counts how often the baseline differs from itself as much', () => {
  const calm = Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 1 : 1.01));
  expect(placeboP(calm, [2, 2])).toBe(1 / 25);
  expect(placeboP(calm, [1.005])).toBe(1);
  const once = [...calm.slice(1), 3];
  expect(placeboP(once, [1.8])).toBe(2 / 25);
});

it('is certain without variation', () => {
  expect(pairedTTest([1, 1, 1], [1, 1, 1], 0.95)).toMatchObject({ estimate: 0, p: 1 });
  expect(pairedTTest([1, 1, 1], [2, 2, 2], 0.95)).toMatchObject({ estimate: 1, low: 1, high: 1, p: 0 });
});
