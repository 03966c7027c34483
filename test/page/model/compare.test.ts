import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comparePeriods, type Outcome } from '../../../src/page/browser/model/compare.ts';
import { describeOutcome } from '../../../src/page/browser/text/outcome.ts';
import type { Counters } from '../../../src/page/protocol.ts';
import { counters } from './page-data.ts';
import { periodFrom } from './period.ts';

const period = (intervals: readonly Counters[]) => periodFrom(intervals.map((interval) => ({ 'GET /a': interval })));

/** The outcomes of p50, p90 and p99. */
const outcomes = (before: readonly Counters[], after: readonly Counters[]): Outcome[] =>
  comparePeriods(period(before), period(after)).flatMap(({ quantiles }) => quantiles.map(({ outcome }) => outcome));

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

it('gives the reason when there is no result', () => {
  const [few] = outcomes(Array(5).fill(counters(1)), Array(9).fill(counters(100)));
  expect(few && describeOutcome(few)).toBe('too few requests: each batch needs 2');
  const [within] = outcomes(Array(10).fill(counters(100, 10)), Array(10).fill(counters(100, 20)));
  expect(within && describeOutcome(within)).toMatch(/^below resolution: both in 4\d(\.\d)? ms – 5\d(\.\d)? ms$/);
});

it.each([
  [{ ratio: 0.9, low: 0.85, high: 0.96 }, 'faster: −10% (−15% to −4%)'],
  [{ ratio: 1.5, low: 1.2, high: 1.9 }, 'slower: +50% (+20% to +90%)'],
  [{ ratio: 1.05, low: 0.9, high: 1.2 }, 'no evidence: +5% (−10% to +20%)'],
])('describes the change %o', (change, text) => {
  expect(describeOutcome({ kind: 'change', ...change })).toBe(text);
});
