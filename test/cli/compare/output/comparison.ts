import { ExplicitHistogram } from '../../../../src/base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../../../src/base/histogram/fine-histogram.ts';
import type { BoundedValue } from '../../../../src/base/histogram/histogram.ts';
import type { Comparison, EndpointResult, Measure, MeasureResult, Verdict } from '../../../../src/statistics/model.ts';

/** One measure: a number is exact, and two are the bounds of a bucket. The change has its interval behind it. */
type Row = readonly [
  measure: Measure,
  before: number | readonly [number, number],
  after: number | readonly [number, number],
  change: readonly [value: number, low: number, high: number] | undefined,
  verdict: Verdict,
];

const bounded = (value: number | readonly [number, number]): BoundedValue =>
  typeof value === 'number'
    ? { value, low: value, high: value }
    : { value: Number.isFinite(value[1]) ? (value[0] + value[1]) / 2 : value[1], low: value[0], high: value[1] };

const measure = ([measure, before, after, change, verdict]: Row): MeasureResult => ({
  measure,
  before: bounded(before),
  after: bounded(after),
  change: change && { value: change[0], low: change[1], high: change[2] },
  p: undefined,
  verdict,
});

/** Requests that took one of these milliseconds each. */
function fineHistogram(milliseconds: readonly number[]): FineHistogram {
  const histogram = new FineHistogram();
  for (const each of milliseconds) histogram.record(each / 1000);
  return histogram;
}

const NO_HISTOGRAM = new ExplicitHistogram([0.1, 1]);

export const endpoint = (key: string, rows: readonly Row[], more: Partial<EndpointResult> = {}): EndpointResult => ({
  key,
  requests: [1000, 1200],
  measures: rows.map(measure),
  histograms: [NO_HISTOGRAM, NO_HISTOGRAM],
  ...more,
});

const UNCHANGED: readonly Row[] = [
  ['p50', 0.01, 0.0101, [0.01, -0.02, 0.04], 'no evidence'],
  ['p99', 0.05, 0.06, undefined, 'too few requests'],
  ['slow', 0, 0, undefined, 'too few requests'],
  ['errors', 0, 0, undefined, 'too few requests'],
];

export const START = Date.parse('2026-11-23T07:00:00Z') / 1000;
const block = (from: number, minutes: number) => ({ from, to: from + minutes * 60, endpoints: new Map() });

/** Two periods of 10 minutes without a change. */
export const comparison = (more: Partial<Comparison> = {}): Comparison => ({
  method: 'periods',
  sides: [
    { name: 'before', blocks: [block(START, 10)] },
    { name: 'after', blocks: [block(START + 3600, 10)] },
  ],
  durations: [
    { seconds: 600, needed: 570 },
    { seconds: 600, needed: 150 },
  ],
  leftOut: [0, 0],
  confidence: 0.95,
  objective: 0.5,
  service: endpoint('service', UNCHANGED),
  endpoints: [endpoint('GET /a', UNCHANGED)],
  missing: { before: [], after: [] },
  ...more,
});

/** With an endpoint that became faster and one that became slower, and one of wide buckets. */
export const changed = (): Comparison =>
  comparison({
    leftOut: [12, 0],
    endpoints: [
      endpoint('GET /a', UNCHANGED),
      endpoint(
        'GET /checkout/:cart',
        [
          ['p50', 0.0191, 0.0192, [0.004, -0.02, 0.03], 'no evidence'],
          ['p99', 2.19, 0.174, [-0.921, -0.924, -0.919], 'better'],
          ['mean', 0.0697, 0.0096, [-0.861, -0.889, -0.825], 'better'],
          ['slow', 0.031, 0, [-0.031, -0.04, -0.024], 'better'],
          ['errors', 0, 0, undefined, 'too few requests'],
        ],
        {
          histograms: [
            fineHistogram([...Array(97).fill(19), 2100, 2200, 2300]),
            fineHistogram([...Array(97).fill(19), 170, 174, 180]),
          ],
        },
      ),
      endpoint(
        'POST /orders',
        [
          ['p50', [0.015, 0.025], [0.015, 0.025], undefined, 'below resolution'],
          ['p90', [0.025, 0.05], [0.05, 0.075], [0.6, 0.2, 1.1], 'worse'],
          ['p99', [10, Number.POSITIVE_INFINITY], [10, Number.POSITIVE_INFINITY], undefined, 'below resolution'],
          ['errors', 0.0088, 0.038, [0.029, 0.016, 0.043], 'worse'],
        ],
        {
          histograms: [
            new ExplicitHistogram([0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 10], [10, 0, 0, 80, 10, 0, 0, 5]),
            new ExplicitHistogram([0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 10], [10, 0, 0, 70, 10, 10, 0, 5]),
          ],
        },
      ),
    ],
  });
