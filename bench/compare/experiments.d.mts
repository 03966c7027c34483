import type { Side } from '../../src/statistics/model.ts';
import type { Drift, Random } from './model.mjs';

export function periods(
  before: readonly number[],
  after: readonly number[],
  drift: Drift,
  random: Random,
  lengths: { readonly minutes: readonly [number, number]; readonly gap: number },
): [before: Side, after: Side];
