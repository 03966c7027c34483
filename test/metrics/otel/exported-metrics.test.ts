import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import { ExportedMetrics } from '../../../src/metrics/otel/exported-metrics.ts';
import { SeriesProducer } from '../../../src/metrics/otel/producer.ts';
import { createViews, type ViewChoices } from '../../../src/metrics/otel/views.ts';
import { createProcessSeries } from '../../../src/metrics/process-series.ts';
import type { RequestSeries } from '../../../src/metrics/request-series.ts';
import * as semconv from '../../../src/semconv.ts';

const BUCKETS = [0.01, 0.1, 1];
/** Values on, between and beyond the bounds. */
const SECONDS = [0, 0.005, 0.01, 0.010001, 0.1, 0.5, 1, 1.5, 60];
const REQUESTS = ['/users/:id', '/', 'unmatched'].flatMap((route) =>
  ['GET', 'POST'].flatMap((method) => [200, 404, 500].map((status) => ({ route, method, status }))),
);

function create(choices: ViewChoices, temporality: 'cumulative' | 'delta') {
  const { metricNames, buckets } = choices;
  const { kinds, all, active, plain, calls } = createProcessSeries({
    buckets,
    maxPaths: 500,
    knownMethods: semconv.KNOWN_METHODS,
    metricNames,
  });
  const exported = new ExportedMetrics(createViews(choices), kinds, metricNames === 'semconv');
  const readActive = () => active.read();
  const { requests } = plain;
  return { requests, calls, producer: new SeriesProducer({ series: all, readActive, exported, temporality }) };
}

async function collect(exporter: PrometheusExporter): Promise<MetricData[]> {
  const { resourceMetrics } = await exporter.collect();
  return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
}

/** Removes times and the internal fields of the SDK, which differ, and sorts by name. */
function toComparable(metrics: MetricData[]) {
  return metrics
    .map(({ dataPoints, descriptor: { name, description, unit, valueType }, ...metric }) => ({
      ...metric,
      descriptor: { name, description, unit, valueType },
      dataPoints: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
    }))
    .sort((a, b) => a.descriptor.name.localeCompare(b.descriptor.name));
}

const NAMES = [
  ['apm', ''],
  ['semconv', ''],
  ['apm', 'shop_'],
  ['semconv', 'shop_'],
] as const;

describe.each(NAMES)('under the views of APM_METRIC_NAMES=%s and APM_METRIC_PREFIX=%s', (metricNames, metricPrefix) => {
  it('exports the same series as the SDK for the same measurements', async () => {
    const choices = { metricNames, metricPrefix, buckets: BUCKETS };
    const { requests: series, calls, producer } = create(choices, 'cumulative');
    const ours = new PrometheusExporter({ preventServerStart: true, metricProducers: [producer] });
    const theirs = new PrometheusExporter({ preventServerStart: true });
    const provider = new MeterProvider({ views: createViews(choices), readers: [theirs] });
    new MeterProvider({ readers: [ours] });

    const meter = provider.getMeter(semconv.SCOPE);
    const scheme = metricNames === 'semconv' ? { [semconv.URL_SCHEME]: 'http' } : {};
    const unit = (text: string) => (metricNames === 'semconv' ? text : '');
    const requests = meter.createCounter(semconv.SERVER_REQUESTS, {
      description: 'Finished HTTP requests.',
      valueType: 0,
      unit: unit('{request}'),
    });
    const duration = meter.createHistogram(semconv.SERVER_DURATION, {
      description: "Seconds from a request's arrival to the end of its response.",
      unit: unit('s'),
    });
    const outgoing = meter.createHistogram(semconv.CLIENT_DURATION, {
      description: 'Seconds an outgoing HTTP call took.',
      unit: unit('s'),
    });
    const active = meter.createUpDownCounter(semconv.SERVER_ACTIVE, {
      description: 'HTTP requests in flight.',
      valueType: 0,
      unit: unit('{request}'),
    });
    for (const { route, method, status } of REQUESTS) {
      const attributes = {
        [semconv.ROUTE]: route,
        [semconv.METHOD]: method,
        [semconv.STATUS_CODE]: status,
        ...(status === 500 && { [semconv.ERROR_TYPE]: '500' }),
        ...scheme,
      };
      for (const seconds of SECONDS) {
        series.record(route, method, status, seconds);
        requests.add(1, attributes);
        duration.record(seconds, attributes);
      }
      series.activeOf(method).requests++;
      active.add(1, { [semconv.METHOD]: method, ...scheme });
    }
    for (const status of [200, 503, undefined]) {
      const details = metricNames === 'semconv' ? JSON.stringify({ 'server.port': 5432 }) : undefined;
      calls.record({ host: 'db', method: 'GET', status, details }, 0.5);
      outgoing.record(0.5, {
        [semconv.METHOD]: 'GET',
        [semconv.SERVER_ADDRESS]: 'db',
        ...(status !== undefined && { [semconv.STATUS_CODE]: status }),
        ...(status !== 200 && { [semconv.ERROR_TYPE]: status === undefined ? '_OTHER' : String(status) }),
        'server.port': 5432,
      });
    }
    expect(toComparable(await collect(ours))).toEqual(toComparable(await collect(theirs)));
  });
});

describe('a producer of deltas', () => {
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
  it('gives the counts since its last collection, and nothing when there are none', async () => {
    const { requests: series, producer } = create({ metricNames: 'apm', metricPrefix: '', buckets: [1] }, 'delta');
    record(series);
    record(series);
    expect(await counts(producer)).toEqual({ http_requests_total: [2], http_duration: [histogram(2)] });
    expect(await counts(producer)).toEqual({});
    record(series);
    expect(await counts(producer)).toEqual({ http_requests_total: [1], http_duration: [histogram(1)] });
  });
});
