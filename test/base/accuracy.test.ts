import { describe, expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { quantileOf } from '../../src/base/histogram/histogram.ts';
import { formatSeconds } from '../../src/cli/compare/output/format.ts';
import { exactQuantile, LATENCIES } from '../support/latencies.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** The goal of bench/ACCURACY.md, which has the figures of more and larger samples. */
const MAX_ERROR = 0.015;
const SAMPLES = 60;
const VALUES = 2_000;

/** The number that a person reads. */
function shownSeconds(value: number): number {
  const [number, unit] = formatSeconds(value, Number.POSITIVE_INFINITY).split(' ');
  return Number(number) / (unit === 'ms' ? 1000 : 1);
}

/** The error of the shown quantile of each sample, ascending. */
function errorsOf(latencies: (typeof LATENCIES)[string], q: number): number[] {
  const random = seededRandom(42);
  return Array.from({ length: SAMPLES }, () => {
    const draw = latencies(random);
    const values = Float64Array.from({ length: VALUES }, draw).sort();
    const histogram = new FineHistogram();
    for (const value of values) histogram.record(value);
    const shown = shownSeconds(quantileOf(FineHistogram.decode(histogram.encode()), q)?.value as number);
    return Math.abs(shown / exactQuantile(values, q) - 1);
  }).sort((a, b) => a - b);
}

describe.each(Object.entries(LATENCIES))('of %s durations', (_, latencies) => {
  it.each([0.5, 0.9, 0.99])('the shown quantile %s is within 1.5 %% of the exact one, in 95 %% of the samples', (q) => {
    expect(exactQuantile(errorsOf(latencies, q), 0.95)).toBeLessThanOrEqual(MAX_ERROR);
  });
});
