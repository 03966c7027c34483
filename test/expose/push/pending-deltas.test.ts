import type { Meter } from '@opentelemetry/api';
import {
  AggregationTemporality,
  AggregationType,
  InstrumentType,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { addPendingDeltas } from '../../../src/expose/push/pending-deltas.ts';

class DeltaReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  }
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}

/** Adds a collection that did not arrive to the next one. Returns each point as name, labels and value. */
async function addCollections(first: (meter: Meter) => void, second: (meter: Meter) => void, exponential = false) {
  const reader = new DeltaReader();
  const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
  const views = exponential ? [{ instrumentType: InstrumentType.HISTOGRAM, aggregation }] : [];
  const provider = new MeterProvider({ readers: [reader], views });
  first(provider.getMeter('app'));
  const unsent = (await reader.collect()).resourceMetrics;
  second(provider.getMeter('app'));
  const latest = (await reader.collect()).resourceMetrics;
  const before = JSON.stringify([unsent, latest]);
  const { scopeMetrics } = addPendingDeltas(unsent, latest);
  expect(JSON.stringify([unsent, latest])).toBe(before);
  return scopeMetrics.flatMap(({ metrics }) =>
    metrics.flatMap(({ descriptor: { name }, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [name, attributes, value] as const),
    ),
  );
}

it('adds counts, sums and buckets of the same labels, in any order of the labels', async () => {
  const points = await addCollections(
    (meter) => {
      meter.createCounter('c').add(1, { a: '1', b: '2' });
      meter.createHistogram('h', { advice: { explicitBucketBoundaries: [1, 5] } }).record(0.5);
    },
    (meter) => {
      meter.createCounter('c').add(2, { b: '2', a: '1' });
      const histogram = meter.createHistogram('h', { advice: { explicitBucketBoundaries: [1, 5] } });
      for (const value of [3, 9]) histogram.record(value);
    },
  );
  expect(points).toEqual([
    ['c', { a: '1', b: '2' }, 3],
    ['h', {}, { buckets: { boundaries: [1, 5], counts: [1, 1, 1] }, count: 3, sum: 12.5, min: 0.5, max: 9 }],
  ]);
});

it('keeps labels, metrics and scopes that only the pending push had', async () => {
  const points = await addCollections(
    (meter) => {
      meter.createCounter('c').add(1, { a: '1' });
      meter.createCounter('only before').add(5);
    },
    (meter) => meter.createCounter('c').add(2, { a: '2' }),
  );
  expect(points).toEqual([
    ['c', { a: '1' }, 1],
    ['c', { a: '2' }, 2],
    ['only before', {}, 5],
  ]);
  const reader = new DeltaReader();
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter('before').createCounter('c').add(1);
  const unsent = (await reader.collect()).resourceMetrics;
  const latest = (await reader.collect()).resourceMetrics;
  expect(addPendingDeltas(unsent, latest).scopeMetrics.map(({ scope }) => scope.name)).toEqual(['before']);
});

it('adds exponential histograms of different scales', async () => {
  const record = (...values: number[]) => {
    return (meter: Meter) => {
      for (const value of values) meter.createHistogram('h').record(value);
    };
  };
  const points = await addCollections(record(0, 1.5), record(0.001, 1000), true);
  // The SDK has 0.001 and 1000 in 160 buckets, at scale 3, and 1.5 at scale 20.
  expect(points).toEqual([
    [
      'h',
      {},
      {
        ...{ count: 4, sum: 1001.501, min: 0, max: 1000, scale: 3, zeroCount: 1 },
        negative: { offset: 0, bucketCounts: [] },
        positive: { offset: -80, bucketCounts: Object.assign(new Array(160).fill(0), { 0: 1, 84: 1, 159: 1 }) },
      },
    ],
  ]);
});

it('keeps the latest value of gauges', async () => {
  const record = (value: number) => (meter: Meter) => meter.createGauge('g').record(value);
  expect(await addCollections(record(1), record(2))).toEqual([['g', {}, 2]]);
});
