import { expect, it } from 'vitest';
import { describeObjectiveMistake } from '../../../src/cli/compare/objective.ts';
import { comparison, endpoint } from './output/comparison.ts';

const withSlow = (before: number, after: number) =>
  comparison({ service: endpoint('service', [['slow', before, after, undefined, 'no evidence']]) });

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
