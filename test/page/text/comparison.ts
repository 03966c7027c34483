import type { BoundedValue } from '../../../src/base/histogram/histogram.ts';
import type { Comparison, Duration, MeasureResult } from '../../../src/statistics/model.ts';
import { MEASURES } from '../../../src/statistics/model.ts';
import { histogramOf } from '../support/durations.ts';

export const exactly = (value: number): BoundedValue => ({ value, low: value, high: value });

/** A result for p50 from 20 ms to 18 ms. */
export const resultOf = (overrides: Partial<MeasureResult> = {}): MeasureResult => ({
  measure: 'p50',
  before: exactly(0.02),
  after: exactly(0.018),
  change: { value: -0.1, low: -0.15, high: -0.04 },
  p: 0.01,
  verdict: 'better',
  ...overrides,
});

const LONG_ENOUGH: Duration = { seconds: 600, needed: 95 };

/** A comparison of `GET /a`, with the same result for each measure. */
export function comparisonOf(result: MeasureResult, overrides: Partial<Comparison> = {}): Comparison {
  const measures = MEASURES.map((measure) => ({ ...result, measure }));
  const histogram = histogramOf([0.02]);
  const endpoint = { key: 'GET /a', requests: [1_200, 1_310], measures, histograms: [histogram, histogram] } as const;
  const block = (from: number, to: number) => [{ from, to, endpoints: new Map() }];
  return {
    method: 'periods',
    sides: [
      { name: 'before', blocks: block(0, 600) },
      { name: 'after', blocks: block(600, 1_200) },
    ],
    durations: [LONG_ENOUGH, LONG_ENOUGH],
    leftOut: [0, 0],
    confidence: 0.95,
    objective: 0.5,
    service: { ...endpoint, key: 'service' },
    endpoints: [endpoint],
    missing: { before: [], after: [] },
    ...overrides,
  };
}
