import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { SeriesProducer } from '../../../src/metrics/otel/producer.ts';
import { views } from '../../../src/metrics/otel/views.ts';
import { RequestSeries } from '../../../src/metrics/series.ts';
import * as semconv from '../../../src/semconv.ts';

const BUCKETS = [0.01, 0.1, 1];
/** Values on, between and beyond the bounds. */
const SECONDS = [0, 0.005, 0.01, 0.010001, 0.1, 0.5, 1, 1.5, 60];
const REQUESTS = ['/users/:id', '/', 'unmatched'].flatMap((route) =>
  ['GET', 'POST'].flatMap((method) => [200, 404, 500].map((status) => ({ route, method, status }))),
);

async function collect(exporter: PrometheusExporter): Promise<MetricData[]> {
  const { resourceMetrics } = await exporter.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
}

/** Without times, which differ, and what the SDK notes for itself; in the order of the names. */
function comparable(metrics: MetricData[]) {
  return metrics
    .map(({ dataPoints, descriptor: { name, description, unit, valueType }, ...metric }) => ({
      ...metric,
      descriptor: { name, description, unit, valueType },
      dataPoints: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
    }))
    .sort((a, b) => a.descriptor.name.localeCompare(b.descriptor.name));
}

describe.each(['apm', 'semconv'] as const)('under the views of APM_METRIC_NAMES=%s', (metricNames) => {
  it('the bound series are what the SDK makes of the same measurements', async () => {
    const choices = { metricNames, buckets: BUCKETS, maxPaths: 500 };
    const series = new RequestSeries(views(choices), semconv.KNOWN_METHODS);
    const ours = new PrometheusExporter({
      preventServerStart: true,
      metricProducers: [new SeriesProducer(series, 'cumulative')],
    });
    const theirs = new PrometheusExporter({ preventServerStart: true });
    const provider = new MeterProvider({ views: views(choices), readers: [theirs] });
    new MeterProvider({ readers: [ours] });

    const meter = provider.getMeter(semconv.SCOPE);
    const requests = meter.createCounter(semconv.SERVER_REQUESTS, {
      description: series.requests.description,
      valueType: 0,
    });
    const duration = meter.createHistogram(semconv.SERVER_DURATION, { description: series.duration.description });
    const active = meter.createUpDownCounter(semconv.SERVER_ACTIVE, {
      description: series.active.description,
      valueType: 0,
    });
    for (const { route, method, status } of REQUESTS) {
      const attributes = {
        [semconv.ROUTE]: route,
        [semconv.METHOD]: method,
        [semconv.STATUS_CODE]: status,
      };
      for (const seconds of SECONDS) {
        series.record(route, method, status, seconds);
        requests.add(1, attributes);
        duration.record(seconds, attributes);
      }
      series.activeOf(method).value++;
      active.add(1, { [semconv.METHOD]: method });
    }
    expect(comparable(await collect(ours))).toEqual(comparable(await collect(theirs)));
  });
});

describe('hosts of outgoing calls', () => {
  it('are capped: past the cap they are one, under every name', async () => {
    const exporter = new PrometheusExporter({ preventServerStart: true });
    const choices = { metricNames: 'apm', buckets: BUCKETS, maxPaths: 3 } as const;
    const provider = new MeterProvider({ views: views(choices), readers: [exporter] });
    const calls = provider.getMeter('test').createHistogram(semconv.CLIENT_DURATION);
    for (let i = 0; i < 10; i++) {
      calls.record(0.5, {
        [semconv.SERVER_ADDRESS]: `host${i}`,
        [semconv.METHOD]: 'GET',
        [semconv.STATUS_CODE]: 200,
        'url.full': `http://host${i}/secret?token=1`,
      });
    }
    const [metric] = await collect(exporter);
    const counts = metric?.dataPoints.map(({ attributes, value }) => [attributes, (value as { count: number }).count]);
    const labels = (host: string) => ({ host, method: 'GET', status_code: 200 });
    expect(metric?.descriptor.name).toBe('http_client_duration');
    expect(counts).toEqual([
      [labels('host0'), 1],
      [labels('host1'), 1],
      [labels('host2'), 1],
      [labels('other'), 7],
    ]);
  });
});

describe('a producer of differences', () => {
  const record = (series: RequestSeries) => series.record('/a', 'GET', 200, 0.05);
  const counts = async (producer: SeriesProducer) => {
    const { resourceMetrics } = await producer.collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return Object.fromEntries(
      metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ value }) => value)]),
    );
  };
  const histogram = (count: number) => ({
    buckets: { boundaries: [1], counts: [count, 0] },
    sum: expect.closeTo(count * 0.05),
    count,
  });
  const create = () => {
    const series = new RequestSeries(views({ metricNames: 'apm', buckets: [1], maxPaths: 5 }), ['GET']);
    return { series, producer: new SeriesProducer(series, 'delta') };
  };

  it('gives what is new since its last collection, and nothing where nothing is', async () => {
    const { series, producer } = create();
    record(series);
    record(series);
    expect(await counts(producer)).toEqual({ http_requests_total: [2], http_duration: [histogram(2)] });
    expect(await counts(producer)).toEqual({});
    record(series);
    expect(await counts(producer)).toEqual({ http_requests_total: [1], http_duration: [histogram(1)] });
  });
});
