import { expect, it } from 'vitest';
import { ExplicitHistogram } from '../../../src/base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import type { Histogram } from '../../../src/base/histogram/histogram.ts';
import { chooseObjective, describeObjectiveMistake } from '../../../src/cli/compare/objective.ts';
import { comparison, endpoint } from './output/comparison.ts';

const withSlow = (before: number, after: number) =>
  comparison({ service: endpoint('service', [['slow', before, after, undefined, 'no evidence']]) });

const sideOf = (histogram: Histogram) => {
  const totals = { requests: 1, errors: 0, seconds: 1, histogram };
  return {
    name: 'one',
    bounds: [0.1, 0.5],
    blocks: [{ from: 0, to: 1, endpoints: new Map([['GET /a', totals]]) }],
  };
};

it('takes any objective where both sides have fine histograms, and otherwise one of the bounds', () => {
  const [fine, coarse] = [sideOf(new FineHistogram()), sideOf(new ExplicitHistogram([0.1, 0.5]))];
  expect([
    chooseObjective([fine, fine], 0.3),
    chooseObjective([fine, fine]),
    chooseObjective([coarse, coarse], 0.1),
  ]).toEqual([0.3, 0.5, 0.1]);
  for (const sides of [
    [fine, coarse],
    [coarse, fine],
  ]) {
    expect(() => chooseObjective(sides, 0.3)).toThrow(
      '--objective: expected one of the bounds, in seconds (0.1, 0.5); got 0.3',
    );
  }
});

it('says that an objective which no request exceeds was probably meant in milliseconds', () => {
  expect(describeObjectiveMistake(300, withSlow(0, 0))).toEqual([
    '--objective: expected seconds, given 300, and no request took that long; for 300 ms write 0.3',
  ]);
});

it.each([
  ['an objective that requests exceed', 300, withSlow(0, 0.01)],
  ['a short objective that no request exceeds', 2, withSlow(0, 0)],
  ['no objective', undefined, withSlow(0, 0)],
])('says nothing about %s', (_, given, sides) => {
  expect(describeObjectiveMistake(given, sides)).toEqual([]);
});
