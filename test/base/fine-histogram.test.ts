import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { quantileOf, shareAbove } from '../../src/base/histogram/histogram.ts';

const seconds = fc.double({ min: 2e-7, max: 1e5, noNaN: true });
const fill = (values: readonly number[]): FineHistogram => {
  const histogram = new FineHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

it('shows every value within 1.1 %', () => {
  fc.assert(
    fc.property(seconds, (value) => {
      const [bucket] = fill([value]).buckets();
      const middle = ((bucket?.low as number) + (bucket?.high as number)) / 2;
      expect(Math.abs(middle / value - 1)).toBeLessThan(0.011);
    }),
  );
});

it('puts a power of 2 into the bucket that it ends', () => {
  expect(fill([1]).buckets()).toEqual([{ low: 2 ** (-1 / 32), high: 1, count: 1 }]);
  expect(fill([0.25]).buckets()).toEqual([{ low: 2 ** (-65 / 32), high: 0.25, count: 1 }]);
});

it('adds histograms of several processes without an error', () => {
  fc.assert(
    fc.property(fc.array(seconds), fc.array(seconds), (a, b) => {
      expect(fill(a).add(fill(b)).encode()).toEqual(fill([...a, ...b]).encode());
    }),
  );
});

it('tells what was recorded since a copy was made', () => {
  fc.assert(
    fc.property(fc.array(seconds), fc.array(seconds), (a, b) => {
      const earlier = fill(a);
      const later = earlier.copy();
      for (const value of b) later.record(value);
      const since = later.since(earlier);
      expect(since.total).toBe(b.length);
      expect(since.add(earlier).encode()).toEqual(later.encode());
    }),
  );
});

it('is the same after it was encoded and decoded', () => {
  fc.assert(
    fc.property(fc.array(seconds), (values) => {
      const encoded = fill(values).encode();
      expect(FineHistogram.decode(JSON.parse(JSON.stringify(encoded))).encode()).toEqual(encoded);
    }),
  );
});

it.each([
  ['no list', {}],
  ['half a pair', [5, 0, 1]],
  ['a fraction', [5, 0, 1, 0.5]],
  ['no count', [5, 0, 1, 0]],
  ['a negative count', [5, 0, 1, -1]],
  ['the same bucket twice', [5, 0, 1, 1, 0, 1]],
  ['a bucket far away', [5, 0, 1e6, 1]],
  ['an unknown scale', [6, 0]],
])('refuses %s', (_, encoded) => {
  expect(() => FineHistogram.decode(encoded)).toThrow();
});

it('keeps its budget: values of every size make its buckets wider, and lose none', () => {
  const values = Array.from({ length: 4_000 }, (_, i) => 2 ** (-23 + i / 100));
  const histogram = fill(values);
  expect(histogram.total).toBe(values.length);
  expect(histogram.scale).toBeLessThan(5);
  expect([...histogram.entries()].length).toBeLessThanOrEqual(20 * 32);
  const earlier = fill(values.slice(0, 100));
  expect(histogram.since(earlier).total).toBe(values.length - 100);
});

it.each([0, -1, Number.NaN, 1e-12])('counts %s as 0', (value) => {
  const histogram = fill([value]);
  expect(histogram.encode()).toEqual([5, 1]);
  expect(quantileOf(histogram, 0.5)?.value).toBe(0);
});

it('has the quantiles of what was recorded, within 1.1 %', () => {
  const values = Array.from({ length: 1_000 }, (_, i) => (i + 1) / 1_000);
  const histogram = fill(values);
  for (const q of [0.5, 0.9, 0.99]) {
    const found = quantileOf(histogram, q);
    expect(Math.abs((found?.value as number) / q - 1)).toBeLessThan(0.011);
    expect((found?.low as number) < q && q <= (found?.high as number)).toBe(true);
  }
});

it('has the share of the values above a limit', () => {
  const histogram = fill([...new Array(97).fill(0.02), ...new Array(3).fill(2)]);
  expect(shareAbove(histogram, 1)).toEqual({ value: 0.03, low: 0.03, high: 0.03 });
  const within = shareAbove(histogram, 0.02);
  expect(within?.low).toBe(0.03);
  expect(within?.high).toBe(1);
  expect(shareAbove(new FineHistogram(), 1)).toBeUndefined();
});
