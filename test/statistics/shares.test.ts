import { expect, it } from 'vitest';
import { ExplicitHistogram } from '../../src/base/histogram/explicit-histogram.ts';
import { compareSides } from '../../src/statistics/compare.ts';
import type { Block, MeasureResult, Side } from '../../src/statistics/model.ts';
import { seededRandom } from '../support/seeded-random.ts';

const BOUNDS = [0.1, 0.5, 1];
const MINUTES = 6.5;
const BLOCK_SECONDS = 5;
const REQUESTS_PER_BLOCK = 72;

/** 6.5 minutes, about 5,600 requests; each is slow, and fails, with this probability. */
function sideOf(share: number, seed: number): Side {
  const random = seededRandom(seed);
  const blocks = Array.from({ length: (MINUTES * 60) / BLOCK_SECONDS }, (_, i): Block => {
    const slow = Array.from({ length: REQUESTS_PER_BLOCK }, random).filter((one) => one < share).length;
    const histogram = new ExplicitHistogram(BOUNDS, [REQUESTS_PER_BLOCK - slow, 0, 0, slow]);
    const totals = { requests: REQUESTS_PER_BLOCK, errors: slow, seconds: 1.44 + slow, histogram, buckets: histogram };
    return { from: i * BLOCK_SECONDS, to: (i + 1) * BLOCK_SECONDS, endpoints: new Map([['GET /a', totals]]) };
  });
  return { name: 'side', blocks };
}

/** The share over the objective, and the share of errors. */
const sharesOf = (before: Side, after: Side): MeasureResult[] => {
  const { endpoints } = compareSides('periods', before, after, { objective: 0.5, confidence: 0.95 });
  return endpoints[0]?.measures.slice(4) as MeasureResult[];
};

it.each([
  [0.027, 0],
  [0.032, 0],
  [0.03, 0.003],
  [0.2, 0.02],
  [1, 0.9],
])('finds that a share of %d became %d, and the reverse, in 6.5 minutes', (much, little) => {
  for (let seed = 1; seed <= 5; seed++) {
    const [one, other] = [sideOf(much, seed), sideOf(little, seed + 100)];
    expect(sharesOf(one, other).map(({ verdict }) => verdict)).toEqual(['better', 'better']);
    expect(sharesOf(other, one).map(({ verdict }) => verdict)).toEqual(['worse', 'worse']);
  }
});

it.each([0.002, 0.03, 0.5, 0.998])('claims nothing where a share of %d did not change', (share) => {
  const results = Array.from({ length: 20 }, (_, i) => sharesOf(sideOf(share, i), sideOf(share, i + 100))).flat();
  expect(results.filter(({ verdict }) => verdict === 'better' || verdict === 'worse')).toEqual([]);
  const held = results.filter(({ change }) => change === undefined || (change.low <= 0 && change.high >= 0));
  expect(held.length / results.length).toBeGreaterThanOrEqual(0.95);
});

it.each([
  [0.027, 0],
  [0, 0.027],
  [0.03, 0.003],
  [0.002, 0.002],
  [1, 0.97],
  [0.998, 1],
])(
  'has intervals that hold the truth where a share of %d became %d, and no share outside of 0 to 1',
  (before, after) => {
    const results = Array.from({ length: 200 }, (_, i) => sharesOf(sideOf(before, i), sideOf(after, i + 1000))).flat();
    for (const { before: was, after: is, change } of results) {
      expect(change?.value).toBeCloseTo(Number(is?.value) - Number(was?.value), 12);
      expect(change?.low).toBeGreaterThanOrEqual(-1);
      expect(change?.high).toBeLessThanOrEqual(1);
      expect(change?.low).toBeLessThanOrEqual(change?.value as number);
      expect(change?.high).toBeGreaterThanOrEqual(change?.value as number);
    }
    const truth = after - before;
    const held = results.filter(({ change }) => change && change.low <= truth && change.high >= truth);
    expect(held.length / results.length).toBeGreaterThanOrEqual(0.93);
  },
);
