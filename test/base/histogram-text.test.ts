import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { addText, parseHistogram, textOf } from '../../src/base/histogram/histogram-text.ts';

const seconds = fc.oneof(
  fc.constantFrom(0, 0.02, 1.2),
  fc.double({ min: 2e-7, max: 1e5, noNaN: true }),
  // Many values in few buckets, and few values in many.
  fc.double({ min: 0.01, max: 0.02, noNaN: true }),
);
const fill = (values: readonly number[]): FineHistogram => {
  const histogram = new FineHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
};

it('is the same histogram after it was written and read', () => {
  fc.assert(
    fc.property(fc.array(seconds, { maxLength: 300 }), (values) => {
      const text = textOf(fill(values));
      expect(parseHistogram(text).encode()).toEqual(fill(values).encode());
      // JSON adds nothing but the quotes.
      expect(JSON.stringify(text).length).toBe(text.length + 2);
    }),
  );
});

it('adds and subtracts texts as histograms, also of another scale', () => {
  // A range of a million million: it needs buckets of twice the width.
  const wide = Array.from({ length: 400 }, (_, i) => 2 ** (-23 + i / 10));
  expect(fill(wide).scale).toBe(4);
  fc.assert(
    fc.property(fc.array(seconds), fc.array(seconds), fc.boolean(), (a, b, isWide) => {
      const added = isWide ? [...b, ...wide] : b;
      const sum = addText(fill(a), textOf(fill(added)));
      expect(sum.total).toBe(a.length + added.length);
      expect(sum.entries()).toEqual(fill(a).add(fill(added)).entries());
      expect(addText(sum, textOf(fill(added)), -1).total).toBe(a.length);
    }),
  );
});

it('holds counts of any size', () => {
  const histogram = new FineHistogram().addEncoded([5, 7e9, -300, 2 ** 40, 1, 1, 300, 2 ** 31]);
  expect(parseHistogram(textOf(histogram)).encode()).toEqual([5, 7e9, -300, 2 ** 40, 1, 1, 300, 2 ** 31]);
});

it('takes a third of the bytes of a list: about a character for each bucket', () => {
  const histogram = fill(Array.from({ length: 1_000 }, (_, i) => 0.02 * Math.exp(0.8 * Math.sin(i) * 2)));
  const buckets = histogram.entries().length;
  expect(textOf(histogram).length).toBeLessThan(1.5 * buckets);
  expect(textOf(histogram).length).toBeLessThan(JSON.stringify(histogram.encode()).length / 2.5);
});
