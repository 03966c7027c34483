import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ExplicitHistogram } from '../../src/base/histogram/explicit-histogram.ts';
import { quantileOf } from '../../src/base/histogram/histogram.ts';

const BOUNDS = [0.1, 0.2, 0.5, 1];
const histogram = fc.array(fc.nat(500), { minLength: 5, maxLength: 5 });
const quantile = (bounds: readonly number[], counts: readonly number[], q: number) =>
  quantileOf(new ExplicitHistogram(bounds, counts), q);

it.each([
  ['interpolates within the bucket', [0, 100, 0, 0, 0], 0.5, { value: 0.15, low: 0.1, high: 0.2 }],
  ['interpolates from 0 in the first bucket', [10, 0, 0, 0, 0], 0.5, { value: 0.05, low: 0, high: 0.1 }],
  ['puts a rank at a bound into the bucket below it', [50, 0, 50, 0, 0], 0.5, { value: 0.1, low: 0, high: 0.1 }],
  [
    'has no number above the top bound',
    [1, 0, 0, 0, 9],
    0.5,
    { value: Number.POSITIVE_INFINITY, low: 1, high: Number.POSITIVE_INFINITY },
  ],
  ['has no quantile of an empty histogram', [0, 0, 0, 0, 0], 0.5, undefined],
])('%s', (_, counts, q, expected) => {
  const found = quantile(BOUNDS, counts, q);
  if (expected === undefined) return void expect(found).toBeUndefined();
  expect(found).toEqual({ ...expected, value: found && expect.closeTo(expected.value, 12) });
});

it('finds the right bucket although fractional counts are rounded', () => {
  const tenth = 0.1 + 0.2; // 0.30000000000000004
  expect(quantile([1, 2, 3], [0.3, 0, tenth], 0.5)).toMatchObject({ low: 0, high: 1 });
});

it('gives the lower bound of the first bucket with a count for q = 0', () => {
  expect(quantile([1, 2, 3], [0, 0, 4, 0], 0)).toEqual({ value: 2, low: 2, high: 3 });
  expect(quantile([1, 2, 3], [0, 0, 0, 4], 0)).toEqual({ value: Infinity, low: 3, high: Infinity });
});

it('gives quantiles that never decrease with q, and that lie within their bucket', () => {
  fc.assert(
    fc.property(
      histogram,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (counts, p, q) => {
        const [lower, higher] = [quantile(BOUNDS, counts, Math.min(p, q)), quantile(BOUNDS, counts, Math.max(p, q))];
        if (lower === undefined || higher === undefined) return void expect(counts).toEqual([0, 0, 0, 0, 0]);
        expect(lower.value).toBeLessThanOrEqual(higher.value);
        expect(lower.low <= lower.value && lower.value <= lower.high).toBe(true);
      },
    ),
  );
});
