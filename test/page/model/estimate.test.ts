import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Estimate, estimate } from '../../../src/page/browser/model/estimate.ts';
import { hidesTail, tailRatio } from '../../../src/page/browser/model/hidden-tail.ts';
import { histogramQuantile } from '../support/scraped.ts';

const BOUNDS = [0.1, 0.2, 0.5, 1];

it('equals histogram_quantile of Prometheus when there are enough requests', () => {
  const counts = fc.array(fc.nat(500), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(counts, fc.constantFrom(0.5, 0.9, 0.99), (counts, q) => {
      const all = counts.reduce((sum, count) => sum + count, 0);
      const needed = Math.round(1 / (1 - q));
      const found = estimate(BOUNDS, counts, q);
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
    '100 requests have a p99 from a small sample',
    [100, 0, 0, 0, 0],
    0.99,
    { kind: 'value', samples: 100, seconds: 0.099, low: 0, high: 0.1, small: true },
  ],
  [
    '1,000 requests are not a small sample',
    [1000, 0, 0, 0, 0],
    0.99,
    { kind: 'value', samples: 1000, seconds: 0.099, low: 0, high: 0.1, small: false },
  ],
  [
    'a percentile above the top bound has no number',
    [90, 0, 0, 0, 110],
    0.5,
    { kind: 'over', samples: 200, low: 1, small: false },
  ],
  [
    'a rank at a bound is in the bucket below it',
    [50, 50, 0, 0, 0],
    0.5,
    { kind: 'value', samples: 100, seconds: 0.1, low: 0, high: 0.1, small: false },
  ],
  ['one request has no p50', [1, 0, 0, 0, 0], 0.5, { kind: 'few', samples: 1, needed: 2 }],
])('%s', (_, counts, q, expected) => {
  expect(estimate(BOUNDS, counts, q)).toEqual(expected);
});

const value = (seconds: number) => ({ kind: 'value', samples: 2000, seconds, low: 0, high: 9, small: false }) as const;
const over = { kind: 'over', samples: 2000, low: 10, small: false } as const;
const few = { kind: 'few', samples: 1, needed: 100 } as const;

it.each([
  ['marks a p99 of 50 times the p50 below which the mean looks fine', value(2), value(0.04), 0.06, true],
  ['marks a p99 above the top bound', over, value(0.04), 0.2, true],
  ['does not mark a p99 that the mean shows too', value(2), value(0.04), 0.6, false],
  ['does not mark a p99 of nine times the p50', value(0.9), value(0.1), 0.12, false],
  ['does not mark a p99 below 100 ms', value(0.09), value(0.001), 0.002, false],
  ['does not mark a p99 from too few requests', few, value(0.04), 0.06, false],
])('%s', (_, p99, p50, mean, marked) => {
  expect(hidesTail(p99, p50, mean)).toBe(marked);
});

it('has no p99 / p50 when one of them has no number', () => {
  const pairs: [Estimate, Estimate][] = [
    [few, value(1)],
    [value(1), few],
    [over, over],
    [value(1), value(0)],
  ];
  for (const [p99, p50] of pairs) expect(tailRatio(p99, p50)).toBeUndefined();
  expect(tailRatio(value(3), value(1.5))).toBe(2);
});
