import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import { collectNow } from '../../../src/metrics/otel/collect-now.ts';

class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

it.each([AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA])(
  'collects at once what the SDK collects in promises, observed instruments aside (temporality %i)',
  async (temporality) => {
    const options = { aggregationTemporalitySelector: () => temporality };
    // Two readers of one provider, so that both are asked for the same.
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

it('finds nothing where the SDK is another inside', () => {
  expect(collectNow({} as MetricReader)).toEqual([]);
  expect(collectNow({ _sdkMetricProducer: {} } as unknown as MetricReader)).toEqual([]);
});
