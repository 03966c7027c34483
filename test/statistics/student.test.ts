import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';
import { expect, it } from 'vitest';
import { tQuantile, twoSidedP } from '../../src/statistics/student.ts';
import { independentError, marginOf, probabilityOf } from '../../src/statistics/uncertain-error.ts';
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

it('agrees with stdlib-js to a billionth, for any degrees of freedom, far into the tails', () => {
  for (const freedom of [1, 1.5, 2, 3, 4.7, 9, 23, 49.5, 200, 5000]) {
    for (const t of [0, 1e-6, 0.1, 0.5, 1, 1.96, 3, 5, 8, 20, 300]) {
      const expected = 2 * cdf(-t, freedom);
      expect(Math.abs(twoSidedP(t, freedom) - expected)).toBeLessThan(1e-9);
      if (expected > 1e-300) expect(Math.abs(twoSidedP(t, freedom) / expected - 1)).toBeLessThan(1e-9);
    }
    for (const probability of [0.01, 0.5, 0.9, 0.95, 0.99, 0.9999]) {
      const expected = quantile((1 + probability) / 2, freedom);
      expect(Math.abs(tQuantile(probability, freedom) / expected - 1)).toBeLessThan(1e-9);
    }
  }
});

const A = [1.1, 1.3, 0.9, 1.2, 1.05];
const B = [1.0, 1.15, 0.8, 1.1, 1.02];

it('compares pairs as stats.ttest_rel(B, A) does, with its confidence_interval()', () => {
  const differences = B.map((value, i) => value - (A[i] as number));
  const error = independentError(differences);
  expect(probabilityOf(-0.096, error)).toBeCloseTo(0.007395780588641945, 10);
  expect(marginOf(error, 0.95)).toBeCloseTo((0.1491165224 - 0.0428834776) / 2, 5);
});

it("corrects as multipletests(..., method='holm') does", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005, 0.5]).map((p) => Number(p.toFixed(12)))).toEqual([
    0.04, 0.09, 0.09, 0.025, 0.5,
  ]);
  expect(holm([])).toEqual([]);
});
