import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import { addExponentialHistograms, exponentialHistogram } from '../../../src/metrics/otel/exponential-histogram.ts';

const seconds = fc.array(fc.double({ min: 2e-7, max: 1e5, noNaN: true }), { minLength: 1 });

function pointOf(values: readonly number[]) {
  const fine = new FineHistogram();
  for (const value of values) fine.record(value);
  return exponentialHistogram(
    fine,
    fine.total,
    values.reduce((sum, value) => sum + value, 0),
  );
}

/** The bounds of the buckets that are not empty, each as often as it has values. */
function boundsOf({ scale, positive: { offset, bucketCounts } }: ReturnType<typeof exponentialHistogram>) {
  const bound = (index: number) => 2 ** (index / 2 ** scale);
  return bucketCounts.flatMap((count, i) =>
    new Array<[number, number]>(count).fill([bound(offset + i), bound(offset + i + 1)]),
  );
}

it('has every value in a bucket, in at most 656 buckets, and all of these are needed', () => {
  fc.assert(
    fc.property(seconds, (values) => {
      const point = pointOf(values);
      expect(point.positive.bucketCounts.length).toBeLessThanOrEqual(656);
      expect([point.positive.bucketCounts[0], point.positive.bucketCounts.at(-1)]).not.toContain(0);
      const bounds = boundsOf(point);
      for (const [i, value] of values.toSorted((a, b) => a - b).entries()) {
        const [low, high] = bounds[i] as [number, number];
        // A value on a bound may be calculated into either bucket.
        expect(value).toBeGreaterThanOrEqual(low * (1 - 1e-12));
        expect(value).toBeLessThanOrEqual(high * (1 + 1e-12));
      }
    }),
  );
});

it.each([
  ['one value', [0.2], 5],
  ['a factor of a million', [0.00001, 10], 5],
  ['more than 20 powers of 2', [0.000001, 10], 4],
])('halves the resolution only where the values need more buckets: %s', (_, values, scale) => {
  expect(pointOf(values).scale).toBe(scale);
});

it('adds two histograms of any scales without an error', () => {
  fc.assert(
    fc.property(seconds, seconds, (a, b) => {
      const { sum, ...added } = addExponentialHistograms(pointOf(a), pointOf(b));
      const { sum: expected, ...both } = pointOf([...a, ...b]);
      expect(added).toEqual(both);
      expect(sum).toBeCloseTo(expected as number, 3);
    }),
  );
});

it('adds two histograms that together just exceed the budget, as in memory', () => {
  // 650 buckets, whose range in memory begins and ends at a multiple of 16.
  const [low, high] = [2 ** (-640.5 / 32), 2 ** (8.5 / 32)];
  const both = pointOf([low, high]);
  expect(both.scale).toBe(4);
  const { sum, ...added } = addExponentialHistograms(pointOf([low]), pointOf([high]));
  expect(added).toEqual({ ...both, sum: undefined });
  expect(sum).toBeCloseTo(low + high, 9);
});

it('adds the buckets of negative values too', () => {
  const below = {
    ...pointOf([1]),
    positive: { offset: 0, bucketCounts: [] },
    negative: { offset: 2, bucketCounts: [3] },
  };
  const coarser = { ...below, scale: 3, negative: { offset: 0, bucketCounts: [1, 5] } };
  expect(addExponentialHistograms(below, coarser)).toMatchObject({
    scale: 3,
    negative: { offset: 0, bucketCounts: [4, 5] },
  });
});
