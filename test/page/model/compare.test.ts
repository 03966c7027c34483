import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparePeriods, type Outcome } from '../../../src/page/browser/model/compare.ts';
import { describeOutcome } from '../../../src/page/browser/text/outcome.ts';
import type { Counters } from '../../../src/page/protocol.ts';
import { BOUNDS, counters } from './page-data.ts';
import { periodFrom } from './period.ts';

const period = (intervals: readonly Counters[], bounds = BOUNDS) =>
  periodFrom(
    intervals.map((interval) => ({ 'GET /a': interval })),
    bounds,
  );

/** The outcomes of p50, p90 and p99. */
const outcomes = (before: readonly Counters[], after: readonly Counters[], bounds = BOUNDS): Outcome[] =>
  comparePeriods(period(before, bounds), period(after, bounds)).flatMap(({ quantiles }) =>
    quantiles.map(({ outcome }) => outcome),
  );

const interval = fc.array(fc.nat(400), { minLength: 5, maxLength: 5 }).map((counts) => counters(...counts));
const side = fc.array(interval, { minLength: 10, maxLength: 20 });

it('finds the inverse change when the sides are swapped', () => {
  fc.assert(
    fc.property(side, side, (before, after) => {
      const forward = outcomes(before, after);
      outcomes(after, before).forEach((backward, i) => {
        const outcome = forward[i] as Outcome;
        expect(backward.kind).toBe(outcome.kind);
        if (outcome.kind !== 'change' || backward.kind !== 'change') return;
        expect(backward.ratio).toBeCloseTo(1 / outcome.ratio, 9);
        expect(backward.low).toBeCloseTo(1 / outcome.high, 9);
        expect(backward.high).toBeCloseTo(1 / outcome.low, 9);
      });
    }),
  );
});

it("has Welch's confidence interval when the buckets are narrower", () => {
  const bounds = Array.from({ length: 80 }, (_, i) => (i + 1) / 200);
  /** A hundred durations in one bucket. @param seconds  the middle of that bucket */
  const withMedian = (seconds: number): Counters => counters(...Array(Math.floor(seconds * 200)).fill(0), 100);
  const before = [0.1425, 0.1525, 0.1625, 0.1525, 0.1525].map(withMedian);
  const after = [0.3025, 0.3225, 0.3125, 0.3325, 0.3025].map(withMedian);
  const [p50] = outcomes(before, after, bounds);
  if (p50?.kind !== 'change') throw new Error(p50?.kind);
  // The interval of the logarithms, with t for 7.888 degrees of freedom integrated numerically, is 0.7174 ± 0.0642.
  expect((Math.log(p50.high) - Math.log(p50.low)) / 2).toBeCloseTo(0.0642, 3);
  expect(Math.log(p50.ratio)).toBeCloseTo(0.7174, 4);
});

it('compares an endpoint whose requests come in bursts', () => {
  const pause = Array(200).fill(counters(0));
  const fast = Array(7).fill(counters(100));
  const slow = Array(12).fill(counters(0, 0, 100));
  const [, , p99] = outcomes([...pause, ...fast, ...pause], [...slow, ...pause, ...slow]);
  expect(p99 && describeOutcome(p99)).toMatch(/^slower: /);
  // Four intervals cannot make five batches, however many requests they contain.
  const [p50] = outcomes([...pause, ...fast.slice(3)], slow);
  expect(p50?.kind).toBe('few');
});

it('claims nothing finer than the buckets, even when all batches agree', () => {
  const inBucket = (bucket: number) => Array(10).fill(counters(...Array(bucket).fill(0), 100));
  const p50 = (before: number, after: number) => outcomes(inBucket(before), inBucket(after)).map(describeOutcome)[0];
  // From the second bucket to the third, p50 may have changed from 200 ms to 201 ms, or from 101 ms to 500 ms.
  expect(p50(1, 2)).toBe('slower: +130% (0% to +400%)');
  expect(p50(2, 1)).toBe('faster: −57% (−80% to 0%)');
  expect(p50(1, 3)).toBe('slower: +400% (+150% to +900%)');
  expect(p50(0, 2)).toBe('slower: +600% (at least +100%)');
  expect(p50(2, 0)).toBe('faster: −86% (−100% to −50%)');
});

it('gives the reason when there is no result', () => {
  const [few] = outcomes(Array(5).fill(counters(1)), Array(9).fill(counters(100)));
  expect(few && describeOutcome(few)).toBe('too few requests: each batch needs 2');
  const [within] = outcomes(Array(10).fill(counters(100, 10)), Array(10).fill(counters(100, 20)));
  expect(within && describeOutcome(within)).toBe('below resolution: both in 0 ms – 100 ms');
  const [over] = outcomes(Array(10).fill(counters(0, 0, 0, 0, 100)), Array(10).fill(counters(100)));
  expect(over && describeOutcome(over)).toBe('above the top bucket bound');
});

it.each([
  [{ ratio: 0.9, low: 0.85, high: 0.96 }, 'faster: −10% (−15% to −4%)'],
  [{ ratio: 1.5, low: 1.2, high: 1.9 }, 'slower: +50% (+20% to +90%)'],
  [{ ratio: 1.05, low: 0.9, high: 1.2 }, 'no evidence: +5% (−10% to +20%)'],
])('describes the change %o', (change, text) => {
  expect(describeOutcome({ kind: 'change', ...change })).toBe(text);
});

it('does not compare periods with different buckets', () => {
  const before = period([counters(100)]);
  expect(comparePeriods(before, { ...before, bounds: [1] })).toEqual([]);
});
