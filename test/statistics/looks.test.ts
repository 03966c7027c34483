import { expect, it } from 'vitest';
import { blocksOfLastLook } from '../../src/statistics/looks.ts';

/** Blocks of this length, one after the other. */
const blocksOf = (count: number, seconds: number) =>
  Array.from({ length: count }, (_, i) => ({ from: i * seconds, to: (i + 1) * seconds, endpoints: new Map() }));

it.each([
  [11, 5, 11],
  [12, 5, 12],
  [23, 5, 12],
  [24, 5, 24],
  [47, 5, 24],
  [360, 5, 192],
  // Intervals of the live page are some milliseconds longer than five seconds: the look at a minute has a minute.
  [12, 5.004, 12],
  [23, 5.004, 12],
  [24, 5.004, 24],
  // The same time in longer blocks.
  [200, 5.004, 192],
  [50, 20.016, 48],
  [7, 40, 6],
])('of %i blocks of %f s, somebody who watches has looked at %i', (count, seconds, looked) => {
  expect(blocksOfLastLook(blocksOf(count, seconds)).length).toBe(looked);
});
