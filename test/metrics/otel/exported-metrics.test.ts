import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { AggregationType, type ExponentialHistogram, MeterProvider, type MetricData } from '@opentelemetry/sdk-metrics';
import { describe, expect, it } from 'vitest';
import {
  addExponentialHistograms,
  emptyExponentialHistogram,
} from '../../../src/metrics/otel/exponential-histogram.ts';
import { ExportedMetrics } from '../../../src/metrics/otel/exported-metrics.ts';
import type { HistogramKind } from '../../../src/metrics/otel/histogram-form.ts';
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

function create(choices: ViewChoices, temporality: 'cumulative' | 'delta', histograms: HistogramKind = 'explicit') {
  const { metricNames, buckets } = choices;
  const { kinds, all, active, plain, calls, databaseCalls, timeSpent } = createProcessSeries({
    buckets,
    maxPaths: 500,
    knownMethods: semconv.KNOWN_METHODS,
    metricNames,
    slow: 0.5,
  });
  const exported = new ExportedMetrics(createViews(choices), kinds, metricNames === 'semconv');
  const readActive = () => active.read();
  const { requests } = plain;
  const producer = new SeriesProducer({ series: all, readActive, exported, temporality, histograms });
  return { requests, calls, databaseCalls, timeSpent, sizes: plain.requestSizes, producer };
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
    const { requests: series, calls, databaseCalls, timeSpent, producer } = create(choices, 'cumulative');
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
    const database = meter.createHistogram(semconv.DB_DURATION, {
      description: 'Seconds a call of a database or a cache took.',
      unit: unit('s'),
    });
    const spent = meter.createCounter(semconv.TIME_SPENT, {
      description: 'Seconds of finished HTTP requests, by what they were spent on.',
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
    const details = metricNames === 'semconv' ? JSON.stringify({ 'server.port': 5433 }) : undefined;
    for (const operation of ['SELECT', 'connect']) {
      databaseCalls.record({ system: 'postgresql', host: 'db:5433', operation, details }, 0.05);
      database.record(0.05, {
        [semconv.DB_SYSTEM]: 'postgresql',
        [semconv.SERVER_ADDRESS]: 'db:5433',
        [semconv.DB_OPERATION]: operation,
        'server.port': 5433,
      });
    }
    const spentOn = [{ on: 'postgresql db:5433', ms: 250 }];
    for (const seconds of [0.5, 1]) {
      timeSpent.record('/users/:id', 'GET', seconds, { codeMs: 125, unseenMs: 0, calls: spentOn }, false);
      for (const [on, value] of [
        ['code', 0.125],
        ['postgresql db:5433', 0.25],
      ] as const) {
        spent.add(value, {
          [semconv.ROUTE]: '/users/:id',
          [semconv.METHOD]: 'GET',
          [semconv.SPENT_ON]: on,
          [semconv.SLOW]: String(seconds > 0.5),
        });
      }
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

describe('a producer of exponential histograms', () => {
  const CHOICES = { metricNames: 'apm', metricPrefix: '', buckets: BUCKETS } as const;
  const values = async (producer: SeriesProducer, name: string) => {
    const { resourceMetrics } = await producer.collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints.map(({ value }) => value) ?? [];
  };

  it('puts the requests of all statuses into the buckets that the SDK puts them into', async () => {
    const { requests, producer } = create(CHOICES, 'cumulative', 'exponential');
    const theirs = new PrometheusExporter({ preventServerStart: true });
    const aggregation = { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: 2_000 } } as const;
    const provider = new MeterProvider({ views: [{ instrumentName: '*', aggregation }], readers: [theirs] });
    const histogram = provider.getMeter('theirs').createHistogram('h');
    for (const status of [200, 404, 500]) {
      for (const seconds of SECONDS) {
        requests.record('/', 'GET', status, seconds);
        histogram.record(seconds);
      }
    }
    const [ours] = (await values(producer, 'http_duration')) as ExponentialHistogram[];
    const [sdk] = (await collect(theirs)).flatMap(({ dataPoints }) =>
      dataPoints.map(({ value }) => value as ExponentialHistogram),
    );
    // Adding an empty histogram gives it our scale: the SDK's is 7, because it has more buckets.
    expect(ours).toEqual({
      ...addExponentialHistograms(sdk as ExponentialHistogram, emptyExponentialHistogram(ours as ExponentialHistogram)),
      sum: expect.closeTo(sdk?.sum as number),
    });
    expect([ours?.scale, ours?.count, ours?.zeroCount]).toEqual([5, 27, 3]);
  });

  it('leaves the histograms of sizes as they are, and the series of a status', async () => {
    const { requests, sizes, producer } = create(CHOICES, 'cumulative', 'exponential');
    for (const status of [200, 404]) requests.record('/', 'GET', status, 0.5);
    sizes.record('/', 'GET', 200, false);
    expect(await values(producer, 'http_request_size_bytes')).toMatchObject([{ buckets: expect.anything(), count: 1 }]);
    // The histogram of both statuses was added up apart from the series, so the next collection gives the same.
    const [first] = await values(producer, 'http_duration');
    expect(first).toMatchObject({ count: 2 });
    expect(await values(producer, 'http_duration')).toEqual([first]);
  });

  it('gives the buckets since its last collection', async () => {
    const { requests, calls, producer } = create(CHOICES, 'delta', 'exponential');
    requests.record('/', 'GET', 200, 1);
    calls.record({ host: 'db', method: 'GET', status: 200 }, 0.5);
    const histogram = (offset: number, bucketCounts: number[], sum: number, count: number) => ({
      ...{ count, sum: expect.closeTo(sum), scale: 5, zeroCount: 0, positive: { offset, bucketCounts } },
      negative: { offset: 0, bucketCounts: [] },
    });
    expect(await values(producer, 'http_duration')).toEqual([histogram(-1, [1], 1, 1)]);
    for (const seconds of [0.5, 1, 1]) requests.record('/', 'GET', 200, seconds);
    const buckets = Object.assign(new Array(33).fill(0), { 0: 1, 32: 2 });
    expect(await values(producer, 'http_duration')).toEqual([histogram(-33, buckets, 2.5, 3)]);
    expect(await values(producer, 'http_duration')).toEqual([]);
  });
});
