import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Estimate, estimate, estimates, tailRatio } from '../../../src/page/browser/model/estimate.ts';
import { formatEstimate } from '../../../src/page/browser/text/format.ts';
import { histogramOf } from '../support/durations.ts';

/** The exact quantile: the smallest duration that this share of all does not exceed. */
const exactQuantile = (sorted: readonly number[], q: number) =>
  sorted[Math.ceil(q * sorted.length - 1e-9) - 1] as number;

it('is in the bucket of the exact percentile, at most 2.2 % from it, when there are enough requests', () => {
  // From 10 us to 100 s.
  const durations = fc.array(
    fc.double({ min: -5, max: 2, noNaN: true }).map((exponent) => 10 ** exponent),
    { maxLength: 2_000, size: 'max' },
  );
  fc.assert(
    fc.property(durations, fc.constantFrom(0.5, 0.9, 0.99), (durations, q) => {
      const histogram = histogramOf(durations);
      const samples = durations.length;
      const needed = Math.round(1 / (1 - q));
      const found = estimate(histogram, q);
      if (samples < needed) return void expect(found).toEqual({ kind: 'few', samples, needed });
      const exact = exactQuantile(
        durations.toSorted((a, b) => a - b),
        q,
      );
      expect(found).toMatchObject({ kind: 'value', samples, small: samples < 10 * needed });
      if (found.kind !== 'value') return;
      // Many values this far apart are kept in buckets twice as wide.
      const error = 2 ** (0.5 ** histogram.scale) - 1;
      expect(found.low).toBeLessThan(exact * (1 + 1e-9));
      expect(found.high).toBeGreaterThan(exact * (1 - 1e-9));
      expect(Math.abs(found.seconds / exact - 1)).toBeLessThanOrEqual(error + 1e-9);
    }),
    { numRuns: 60 },
  );
});

const constant = (seconds: number, requests = 1_000) => histogramOf(new Array<number>(requests).fill(seconds));

it.each([
  ['a hang of exactly 1.2 s', 1.2, '1.2 s'],
  ['a health check of 0.59 ms', 0.00059, '0.59 ms'],
  ['a constant answer of 17 ms', 0.017, '17 ms'],
  ['a job of two minutes', 120, '120 s'],
])('shows %s as it is, in every percentile', (_, seconds, shown) => {
  const digits = (text: string) => Number.parseFloat(text);
  for (const found of estimates(constant(seconds), [0.5, 0.9, 0.99])) {
    const text = formatEstimate(found);
    expect(text.replace(/^[\d.]+/, '')).toBe(shown.replace(/^[\d.]+/, ''));
    expect(Math.abs(digits(text) / digits(shown) - 1)).toBeLessThan(0.0125);
  }
  expect(formatEstimate(estimate(constant(1.2), 0.99))).toBe('1.2 s');
});

it('needs enough requests, and says when they are a small sample', () => {
  expect(estimate(constant(0.1, 99), 0.99)).toEqual({ kind: 'few', samples: 99, needed: 100 });
  expect(estimate(constant(0.1, 1), 0.5)).toEqual({ kind: 'few', samples: 1, needed: 2 });
  expect(estimate(constant(0.1, 100), 0.99)).toMatchObject({ kind: 'value', samples: 100, small: true });
  expect(estimate(constant(0.1, 1_000), 0.99)).toMatchObject({ kind: 'value', samples: 1_000, small: false });
});

const value = (seconds: number) => ({ kind: 'value', samples: 2000, seconds, low: 0, high: 9, small: false }) as const;
const few = { kind: 'few', samples: 1, needed: 100 } as const;

it('has no p99 / p50 when one of them has no number', () => {
  const pairs: [Estimate, Estimate][] = [
    [few, value(1)],
    [value(1), few],
    [value(1), value(0)],
  ];
  for (const [p99, p50] of pairs) expect(tailRatio(p99, p50)).toBeUndefined();
  expect(tailRatio(value(3), value(1.5))).toBe(2);
});
