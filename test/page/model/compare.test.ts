import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stretchOf } from '../../../src/expose/page/browser/batches.ts';
import { compare, type Outcome } from '../../../src/expose/page/browser/compare.ts';
import { said } from '../../../src/expose/page/browser/markdown.ts';
import { Timeline } from '../../../src/expose/page/browser/timeline.ts';
import type { Tallied } from '../../../src/expose/page/data.ts';
import { BOUNDS, data, tallied } from './feed.ts';

const stretch = (slots: readonly Tallied[]) => {
  const timeline = new Timeline();
  timeline.add(data(slots.map((slot) => ({ 'GET /a': slot }))));
  const found = stretchOf(timeline.moments, BOUNDS);
  if (found === undefined) throw new Error('no slots');
  return found;
};
const outcomes = (before: readonly Tallied[], after: readonly Tallied[]): Outcome[] =>
  compare(stretch(before), stretch(after)).flatMap(({ quantiles }) => quantiles.map(({ outcome }) => outcome));

const slot = fc.array(fc.nat(400), { minLength: 5, maxLength: 5 }).map((counts) => tallied(...counts));
const side = fc.array(slot, { minLength: 10, maxLength: 20 });

it('never finds itself faster or slower', () => {
  fc.assert(
    fc.property(side, (slots) => {
      for (const outcome of outcomes(slots, slots)) expect(outcome.kind).not.toBe('change');
    }),
  );
});

it('says the opposite when the sides are swapped', () => {
  fc.assert(
    fc.property(side, side, (before, after) => {
      const there = outcomes(before, after);
      outcomes(after, before).forEach((back, i) => {
        const one = there[i] as Outcome;
        expect(back.kind).toBe(one.kind);
        if (one.kind !== 'change' || back.kind !== 'change') return;
        expect(back.ratio).toBeCloseTo(1 / one.ratio, 9);
        expect(back.low).toBeCloseTo(1 / one.high, 9);
        expect(back.high).toBeCloseTo(1 / one.low, 9);
      });
    }),
  );
});

it('has the interval that Welch has', () => {
  /** A thousand durations whose p50 is this, between two bounds. */
  const half = (seconds: number, low: number, high: number): Tallied => {
    const below = Math.round(500 - (500 * (seconds - low)) / (high - low));
    const bucket = BOUNDS.indexOf(high);
    return tallied(...Array(bucket - 1).fill(0), below, 500, 500 - below);
  };
  const before = [0.14, 0.15, 0.16, 0.15, 0.15].map((seconds) => half(seconds, 0.1, 0.2));
  const after = [0.3, 0.32, 0.31, 0.33, 0.3].map((seconds) => half(seconds, 0.2, 0.5));
  const [p50] = outcomes(before, after);
  if (p50?.kind !== 'change') throw new Error(p50?.kind);
  // scipy 1.17.1: ttest_ind(log(after), log(before), equal_var=False).confidence_interval(): 0.7326 ± 0.0650
  expect((Math.log(p50.high) - Math.log(p50.low)) / 2).toBeCloseTo(0.065, 3);
  expect(Math.log(p50.ratio)).toBeCloseTo(0.7326, 2);
});

it('says why nothing can be said', () => {
  const [few] = outcomes(Array(10).fill(tallied(0)), Array(10).fill(tallied(0)));
  expect(few && said(few)).toBe('too few requests: five times 2 on each side');
  const [within] = outcomes(Array(10).fill(tallied(100, 10)), Array(10).fill(tallied(100, 20)));
  expect(within && said(within)).toBe('no difference seen: both between 0 ms and 100 ms');
  const [over] = outcomes(Array(10).fill(tallied(0, 0, 0, 0, 100)), Array(10).fill(tallied(100)));
  expect(over && said(over)).toBe('above the top bound');
});

it('says what it finds as people do', () => {
  expect(said({ kind: 'change', ratio: 0.9, low: 0.85, high: 0.96 })).toBe('faster: −10% (−15% to −4%)');
  expect(said({ kind: 'change', ratio: 1.5, low: 1.2, high: 1.9 })).toBe('slower: +50% (+20% to +90%)');
  expect(said({ kind: 'change', ratio: 1.05, low: 0.9, high: 1.2 })).toBe('no evidence: +5% (−10% to +20%)');
});

it('compares nothing that was counted in other buckets', () => {
  const before = stretch([tallied(100)]);
  expect(compare(before, { ...before, bounds: [1] })).toEqual([]);
});
