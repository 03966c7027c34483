import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stretchOf } from '../../../src/page/browser/batches.ts';
import { compare, type Outcome } from '../../../src/page/browser/compare.ts';
import { said } from '../../../src/page/browser/markdown.ts';
import { Timeline } from '../../../src/page/browser/timeline.ts';
import type { Counters } from '../../../src/page/protocol.ts';
import { BOUNDS, data, tallied } from './feed.ts';

const stretch = (slots: readonly Counters[], bounds = BOUNDS) => {
  const timeline = new Timeline();
  timeline.add(
    data(
      slots.map((slot) => ({ 'GET /a': slot })),
      { bounds },
    ),
  );
  const found = stretchOf(timeline.moments, bounds);
  if (found === undefined) throw new Error('no slots');
  return found;
};
const outcomes = (before: readonly Counters[], after: readonly Counters[], bounds = BOUNDS): Outcome[] =>
  compare(stretch(before, bounds), stretch(after, bounds)).flatMap(({ quantiles }) =>
    quantiles.map(({ outcome }) => outcome),
  );

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

it('has the interval that Welch has, where the buckets are finer than that', () => {
  const bounds = Array.from({ length: 80 }, (_, i) => (i + 1) / 200);
  /** A hundred durations in one bucket, in the middle of which their p50 is. */
  const half = (seconds: number): Counters => tallied(...Array(Math.floor(seconds * 200)).fill(0), 100);
  const before = [0.1425, 0.1525, 0.1625, 0.1525, 0.1525].map(half);
  const after = [0.3025, 0.3225, 0.3125, 0.3325, 0.3025].map(half);
  const [p50] = outcomes(before, after, bounds);
  if (p50?.kind !== 'change') throw new Error(p50?.kind);
  // Of the logarithms, with t for 7.888 degrees of freedom integrated numerically: 0.7174 ± 0.0642.
  expect((Math.log(p50.high) - Math.log(p50.low)) / 2).toBeCloseTo(0.0642, 3);
  expect(Math.log(p50.ratio)).toBeCloseTo(0.7174, 4);
});

it('needs no requests all the time: pauses are in no batch', () => {
  const pause = Array(200).fill(tallied(0));
  const fast = Array(7).fill(tallied(100));
  const slow = Array(12).fill(tallied(0, 0, 100));
  const [, , p99] = outcomes([...pause, ...fast, ...pause], [...slow, ...pause, ...slow]);
  expect(p99 && said(p99)).toMatch(/^slower: /);
  // Four slots are no five batches, whatever is in them.
  const [p50] = outcomes([...pause, ...fast.slice(3)], slow);
  expect(p50?.kind).toBe('few');
});

it('claims nothing finer than the buckets, however much the batches agree', () => {
  const from = (bucket: number) => Array(10).fill(tallied(...Array(bucket).fill(0), 100));
  const said50 = (before: number, after: number) => outcomes(from(before), from(after)).map(said)[0];
  // It may have gone from 200 ms to 201 ms, or from 101 ms to 500 ms.
  expect(said50(1, 2)).toBe('slower: +130% (0% to +400%)');
  expect(said50(2, 1)).toBe('faster: −57% (−80% to 0%)');
  expect(said50(1, 3)).toBe('slower: +400% (+150% to +900%)');
  expect(said50(0, 2)).toBe('slower: +600% (at least +100%)');
  expect(said50(2, 0)).toBe('faster: −86% (−100% to −50%)');
});

it('says why nothing can be said', () => {
  const [few] = outcomes(Array(5).fill(tallied(1)), Array(9).fill(tallied(100)));
  expect(few && said(few)).toBe('too few requests: it takes 2 in each batch');
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
