import { expect } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';

/** Two fine histograms are equal when they have the same counts: their fields are private, which vitest does not compare. */
expect.addEqualityTesters([
  (a, b) =>
    a instanceof FineHistogram && b instanceof FineHistogram ? a.encode().join() === b.encode().join() : undefined,
]);

/** The fine histogram of these values, in seconds. */
export function fineOf(...values: readonly number[]): FineHistogram {
  const histogram = new FineHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The fine histogram of one value that was recorded several times. */
export const repeated = (times: number, value: number): FineHistogram => fineOf(...new Array(times).fill(value));
