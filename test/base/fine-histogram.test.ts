import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { quantileOf, shareAbove } from '../../src/base/histogram/histogram.ts';

const seconds = fc.double({ min: 2e-7, max: 1e5, noNaN: true });
/** Also those that are no durations. Their range is such that a few of them exceed the budget. */
const anySeconds = fc.oneof(
  seconds,
  fc.double(),
  fc.integer({ min: -24, max: 17 }).map((power) => 2 ** power),
);
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

it('puts every value between the bounds of its bucket', () => {
  const nextTo = fc
    .tuple(fc.integer({ min: -767, max: 543 }), fc.constantFrom(1 - 2 ** -53, 1, 1 + 2 ** -52))
    .map(([index, factor]) => 2 ** (index / 32) * factor);
  fc.assert(
    fc.property(fc.oneof(seconds, nextTo), (value) => {
      const [bucket] = fill([value]).buckets();
      expect((bucket?.low as number) < value && value <= (bucket?.high as number)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

it('puts a power of 2 into the bucket that it ends', () => {
  expect(fill([1]).buckets()).toEqual([{ low: 2 ** (-1 / 32), high: 1, count: 1 }]);
  expect(fill([0.25]).buckets()).toEqual([{ low: 2 ** (-65 / 32), high: 0.25, count: 1 }]);
});

it('adds histograms of several processes without an error', () => {
  fc.assert(
    fc.property(fc.array(anySeconds), fc.array(anySeconds), (a, b) => {
      expect(fill(a).add(fill(b)).encode()).toEqual(fill([...a, ...b]).encode());
    }),
  );
});

it('tells what was recorded since a copy was equal, again and again', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anySeconds)), (rounds) => {
      const histogram = new FineHistogram();
      const copy = histogram.copy();
      const sum = new FineHistogram();
      for (const values of rounds) {
        for (const value of values) histogram.record(value);
        const taken = histogram.takeSince(copy);
        expect(taken.total).toBe(values.length);
        expect(copy.encode()).toEqual(histogram.encode());
        sum.add(FineHistogram.decode(taken.encode()));
      }
      expect(sum.encode()).toEqual(histogram.encode());
    }),
  );
});

it('is the same after it was encoded and decoded', () => {
  fc.assert(
    fc.property(fc.array(anySeconds), (values) => {
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
  ['a finer scale', [6, 0]],
  ['a coarser scale', [3, 0]],
  ['no integer beyond 53 bits', [5, 2 ** 53]],
])('refuses %s', (_, encoded) => {
  expect(() => FineHistogram.decode(encoded)).toThrow();
});

it('keeps its budget: values of every size make its buckets wider once, and lose none', () => {
  const values = Array.from({ length: 6_560 }, (_, i) => 2 ** (-24 + (i + 0.5) / 160));
  const histogram = fill(values);
  expect([histogram.total, histogram.scale, histogram.entries().length]).toEqual([values.length, 4, 656]);
  for (const [i, { low, high, count }] of histogram.buckets().entries()) {
    expect(count).toBe(values.filter((value) => value > low && value <= high).length);
    expect(low).toBe(2 ** (-24 + i / 16));
  }
  const copy = fill(values.slice(0, 100));
  expect(copy.scale).toBe(5);
  expect(histogram.takeSince(copy).total).toBe(values.length - 100);
  expect(copy.encode()).toEqual(histogram.encode());
});

it('keeps its narrow buckets while values differ less than a million times', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 1e-5, max: 10, noNaN: true })), (values) => {
      expect(fill(values).scale).toBe(5);
    }),
  );
});

it('counts the smallest and the largest values that there are, and infinite ones', () => {
  const smallest = 2 ** -24 * (1 + Number.EPSILON);
  const histogram = fill([smallest, 2 ** 17, 1e300, Number.POSITIVE_INFINITY, Number.MIN_VALUE, -0]);
  expect(histogram.encode()).toEqual([4, 2, -384, 1, 655, 3]);
  expect(fill([smallest]).encode()).toEqual([5, 0, -768, 1]);
});

it('counts on beyond what 32 bits hold', () => {
  const encoded = [5, 2 ** 40, -33, 2 ** 31 - 1, 1, 2 ** 50];
  const histogram = FineHistogram.decode(encoded);
  for (let i = 0; i < 3; i++) histogram.record(0.5);
  expect(histogram.encode()).toEqual([5, 2 ** 40, -33, 2 ** 31 + 2, 1, 2 ** 50]);
  expect(histogram.copy().add(histogram).encode()).toEqual([5, 2 ** 41, -33, 2 ** 32 + 4, 1, 2 ** 51]);
});

it('does not change what it was decoded from, or what it was encoded to', () => {
  const encoded = [5, 1, -33, 2];
  const histogram = FineHistogram.decode(encoded);
  const copy = histogram.copy();
  const before = histogram.encode();
  histogram.record(0.5);
  histogram.record(0);
  expect(histogram.encode()).toEqual([5, 2, -33, 3]);
  for (const each of [encoded, before, copy.encode()]) expect(each).toEqual([5, 1, -33, 2]);
});

it('is independent of its copies, whichever of them changes first', () => {
  fc.assert(
    fc.property(fc.array(anySeconds), fc.array(anySeconds), fc.array(anySeconds), (a, b, c) => {
      const histogram = fill(a);
      const copies = [histogram.copy(), histogram.copy()] as const;
      histogram.add(fill(b));
      for (const value of c) copies[0].record(value);
      const taken = fill([]);
      expect(histogram.takeSince(taken).encode()).toEqual(fill([...a, ...b]).encode());
      expect(histogram.encode()).toEqual(fill([...a, ...b]).encode());
      expect(copies[0].encode()).toEqual(fill([...a, ...c]).encode());
      expect(copies[1].encode()).toEqual(fill(a).encode());
    }),
  );
});

it('adds to buckets of a coarser scale', () => {
  const histogram = fill([0.5]);
  histogram.addEncoded([4, 0, -17, 2]);
  histogram.addEncoded([5, 0, -33, 1]);
  histogram.addZeros(3);
  expect(histogram.encode()).toEqual([4, 3, -17, 4]);
});

it('lists its counts without gaps', () => {
  expect(fill([0.5, 0.5, 0.53]).toDense()).toEqual({ first: -33, counts: [2, 0, 0, 1] });
  expect(new FineHistogram().toDense()).toEqual({ first: 0, counts: [] });
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

it('is not changed by what its copy records, nor the copy by what it records', () => {
  const some = fc.array(seconds);
  fc.assert(
    fc.property(some, some, some, (before, later, inCopy) => {
      const original = fill(before);
      const copy = original.copy();
      const other = copy.copy();
      for (const value of later) original.record(value);
      for (const value of inCopy) copy.record(value);
      expect(other.encode()).toEqual(fill(before).encode());
      expect(copy.encode()).toEqual(fill([...before, ...inCopy]).encode());
      for (const value of later) original.record(value);
      expect(original.encode()).toEqual(fill([...before, ...later, ...later]).encode());
    }),
  );
});
