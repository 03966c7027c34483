import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ExponentialHistogram, MetricData } from '@opentelemetry/sdk-metrics';
import { ExportedMetrics } from '../../../src/metrics/otel/exported-metrics.ts';
import type { Interval } from '../../../src/metrics/otel/metric-data.ts';
import { createViews } from '../../../src/metrics/otel/views.ts';
import { createProcessSeries } from '../../../src/metrics/process-series.ts';
import { DEFAULT_BUCKETS } from '../../../src/semconv.ts';
import type { Prometheus } from '../../../stack/prometheus.ts';
import type { HistoryTimes } from './history.ts';

/** The endpoints of the demo's shop with their statuses, and seconds of their requests in each interval. */
const REQUESTS = [
  ['/checkout/:cart', 'GET', 200, [0.01, 0.015, 0.02, 2]],
  ['/products', 'GET', 200, [0.008, 0.01]],
  ['/users/:id', 'GET', 200, [0.003, 0.004, 0.005]],
  ['/users/:id', 'GET', 404, [0.003]],
  ['/orders', 'POST', 201, [0.015, 0.018]],
  ['/orders', 'POST', 500, [0.02]],
  ['unmatched', 'GET', 404, [0.001]],
] as const;
/** Points of a series in one push. */
const POINTS_PER_PUSH = 200;

/**
 * Pushes a history like that of `writeHistory`, with native histograms: a file of blocks cannot have them. The Prometheus
 * must accept data that is as old.
 * @param version of the service
 */
export async function pushHistory(
  prometheus: Prometheus,
  { start, times, intervalSeconds }: HistoryTimes,
  job: string,
  version: string,
): Promise<void> {
  const metrics = collectInterval();
  const resource = resourceFromAttributes({
    'service.name': job,
    'service.instance.id': 'before',
    'service.version': version,
  });
  const exporter = new OTLPMetricExporter({ url: `${prometheus.url}/api/v1/otlp/v1/metrics` });
  for (let i = 0; i < times.length; i += POINTS_PER_PUSH) {
    const during = times.slice(i, i + POINTS_PER_PUSH);
    const scope = {
      scope: { name: 'history' },
      metrics: metrics.map((one) => repeat(one, during, start, intervalSeconds)),
    };
    await new Promise<void>((resolve, reject) => {
      exporter.export({ resource, scopeMetrics: [scope] }, ({ error }) => (error ? reject(error) : resolve()));
    });
  }
  await exporter.shutdown();
}

/** What the shop counts in one interval. */
function collectInterval(): MetricData[] {
  const series = createProcessSeries({ buckets: DEFAULT_BUCKETS, maxPaths: 100, knownMethods: ['GET', 'POST'] });
  for (const [path, method, status, durations] of REQUESTS) {
    for (const seconds of durations) series.plain.requests.record(path, method, status, seconds);
  }
  for (const seconds of [0.01, 2]) series.calls.record({ host: 'payments', method: 'GET', status: 200 }, seconds);
  const views = createViews({ metricNames: 'apm', metricPrefix: '', buckets: DEFAULT_BUCKETS });
  const interval: Interval = { temporality: 'cumulative', start: [0, 0], end: [0, 0] };
  const exported = new ExportedMetrics(views, series.kinds, false);
  const scopes = exported.convert(series.all.read(), [{ method: 'GET', requests: 1 }], interval, 'exponential');
  return scopes.flatMap((scope) => scope.metrics);
}

/** The same points at each of these times, with what was counted since the start. Gauges stay as they are. */
function repeat(metric: MetricData, times: readonly number[], start: number, intervalSeconds: number): MetricData {
  const isState = metric.descriptor.name.endsWith('active_requests');
  const dataPoints = times.flatMap((at) =>
    metric.dataPoints.map((point) => ({
      ...point,
      startTime: [start, 0],
      endTime: [at, 0],
      value: isState
        ? point.value
        : multiply(point.value as number | ExponentialHistogram, (at - start) / intervalSeconds),
    })),
  );
  return { ...metric, dataPoints } as MetricData;
}

function multiply(value: number | ExponentialHistogram, factor: number): number | ExponentialHistogram {
  if (typeof value === 'number') return value * factor;
  const { positive } = value;
  return {
    ...value,
    count: value.count * factor,
    sum: (value.sum as number) * factor,
    positive: { ...positive, bucketCounts: positive.bucketCounts.map((count) => count * factor) },
  };
}
