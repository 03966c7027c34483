import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { collectNow } from '../../../src/metrics/otel/collect-now.ts';

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

it.each([AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA])(
  'collects synchronously the same as the SDK does asynchronously, without observable instruments (temporality %i)',
  async (temporality) => {
    const options = { aggregationTemporalitySelector: () => temporality };
    // Two readers of one provider have the same measurements.
    const [now, later] = [new Reader(options), new Reader(options)];
    const meter = new MeterProvider({ readers: [now, later] }).getMeter('app', '1');
    const orders = meter.createCounter('orders');
    const sizes = meter.createHistogram('sizes');
    meter.createObservableGauge('stock').addCallback((result) => result.observe(7));
    for (const round of [1, 2]) {
      orders.add(round, { kind: 'book' });
      sizes.record(round);
      const { resourceMetrics } = await later.collect();
      const [expected] = resourceMetrics.scopeMetrics;
      const [found, ...others] = collectNow(now);
      expect(others).toEqual([]);
      expect(found?.scope).toEqual(expected?.scope);
      const values = (metrics = expected?.metrics) =>
        metrics?.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          dataPoints.map(({ attributes, value }) => [attributes, value]),
        ]);
      expect(values(found?.metrics)).toEqual(values()?.filter(([name]) => name !== 'stock'));
    }
  },
);

it('finds nothing when the internals of the SDK are different', () => {
  expect(collectNow({} as MetricReader)).toEqual([]);
  expect(collectNow({ _sdkMetricProducer: {} } as unknown as MetricReader)).toEqual([]);
});
