import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantile } from '../../../src/page/browser/quantile.ts';
import { gapOf, hidesTail } from '../../../src/page/browser/tail.ts';
import { histogramQuantile } from '../support/scraped.ts';

const BOUNDS = [0.1, 0.2, 0.5, 1];

it('is what Prometheus interpolates, wherever that is a number and there are requests enough', () => {
  const counts = fc.array(fc.nat(500), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(counts, fc.constantFrom(0.5, 0.9, 0.99), (counts, q) => {
      const all = counts.reduce((sum, count) => sum + count, 0);
      const needed = Math.round(1 / (1 - q));
      const found = quantile(counts, BOUNDS, q);
      if (all < needed) return void expect(found).toEqual({ kind: 'few', samples: all, needed });
      const buckets = [...BOUNDS, Number.POSITIVE_INFINITY].map((le, i) => [le, counts[i] as number] as const);
      const expected = histogramQuantile(buckets, q);
      const small = all < 10 * needed;
      if (found.kind === 'over') return void expect([found.low, found.small, expected]).toEqual([1, small, 1]);
      expect(found).toMatchObject({ kind: 'value', samples: all, small });
      if (found.kind === 'value') {
        expect(found.seconds).toBeCloseTo(expected, 12);
        expect(found.low <= found.seconds && found.seconds <= found.high).toBe(true);
      }
    }),
  );
});

it.each([
  ['99 requests have no p99', [99, 0, 0, 0, 0], 0.99, { kind: 'few', samples: 99, needed: 100 }],
  [
    '100 have one, of a small sample',
    [100, 0, 0, 0, 0],
    0.99,
    { kind: 'value', samples: 100, seconds: 0.099, low: 0, high: 0.1, small: true },
  ],
  [
    '1,000 are not a small sample',
    [1000, 0, 0, 0, 0],
    0.99,
    { kind: 'value', samples: 1000, seconds: 0.099, low: 0, high: 0.1, small: false },
  ],
  [
    'above the top bound there is no number',
    [90, 0, 0, 0, 110],
    0.5,
    { kind: 'over', samples: 200, low: 1, small: false },
  ],
  [
    'the rank at a bound is in the bucket below it',
    [50, 50, 0, 0, 0],
    0.5,
    { kind: 'value', samples: 100, seconds: 0.1, low: 0, high: 0.1, small: false },
  ],
  ['one request has no p50', [1, 0, 0, 0, 0], 0.5, { kind: 'few', samples: 1, needed: 2 }],
])('%s', (_, counts, q, expected) => {
  expect(quantile(counts, BOUNDS, q)).toEqual(expected);
});

const at = (seconds: number) => ({ kind: 'value', samples: 2000, seconds, low: 0, high: 9, small: false }) as const;
const over = { kind: 'over', samples: 2000, low: 10, small: false } as const;
const few = { kind: 'few', samples: 1, needed: 100 } as const;

it.each([
  ['a p99 of 50 times the p50 under a mean that does not show it', at(2), at(0.04), 0.06, true],
  ['one above the top bound', over, at(0.04), 0.2, true],
  ['one that the mean shows too', at(2), at(0.04), 0.6, false],
  ['nine times', at(0.9), at(0.1), 0.12, false],
  ['what nobody notices', at(0.09), at(0.001), 0.002, false],
  ['one of too few requests', few, at(0.04), 0.06, false],
])('marks, or not: %s', (_, p99, p50, mean, marked) => {
  expect(hidesTail(p99, p50, mean)).toBe(marked);
});

it('has no gap where one of both is not known', () => {
  expect([gapOf(few, at(1)), gapOf(at(1), few), gapOf(over, over), gapOf(at(1), at(0))]).toEqual(
    Array(4).fill(undefined),
  );
  expect(gapOf(at(3), at(1.5))).toBe(2);
});
