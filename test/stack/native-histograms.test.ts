import { hrTime } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect, it } from 'vitest';
import { ExportedMetrics } from '../../src/metrics/otel/exported-metrics.ts';
import type { HistogramKind } from '../../src/metrics/otel/histogram-form.ts';
import type { Interval } from '../../src/metrics/otel/metric-data.ts';
import { createViews } from '../../src/metrics/otel/views.ts';
import { createProcessSeries, type ProcessSeries } from '../../src/metrics/process-series.ts';
import { DEFAULT_BUCKETS } from '../../src/semconv.ts';
import { COLLECTOR_CONFIG_OTLP } from '../../stack/collector.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { until } from '../support/exposition.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { shippedOptions } from './support/shipped-options.ts';

const take = needPrograms('prometheus', 'collector');
const KINDS = ['explicit', 'exponential'] as const;
const OBJECTIVE_SECONDS = 0.5;

/** Seconds of requests from 2 ms to 5 s: as many below 10 ms as between 0.5 and 2.5 s. */
const DURATIONS = Array.from({ length: 20_000 }, (_, i) => 0.002 * 2_500 ** ((i + 0.5) / 20_000));

function record(durations: readonly number[]): ProcessSeries {
  const series = createProcessSeries({ buckets: DEFAULT_BUCKETS, maxPaths: 100, knownMethods: ['GET'] });
  for (const [i, seconds] of durations.entries()) series.plain.requests.record('/', 'GET', i % 9 ? 200 : 404, seconds);
  return series;
}

/** Pushes all series as one process of a service that has the name of the kind of its histograms. */
async function push({ all, kinds }: ProcessSeries, kind: HistogramKind, url: string): Promise<void> {
  const views = createViews({ metricNames: 'apm', metricPrefix: '', buckets: DEFAULT_BUCKETS });
  const [seconds, nanos] = hrTime();
  const interval: Interval = { temporality: 'cumulative', start: [seconds - 60, nanos], end: [seconds, nanos] };
  const scopeMetrics = new ExportedMetrics(views, kinds, false).convert(all.read(), [], interval, kind);
  const resource = resourceFromAttributes({ 'service.name': kind, 'service.instance.id': 'one' });
  const exporter = new OTLPMetricExporter({ url });
  await new Promise<void>((resolve, reject) => {
    exporter.export({ resource, scopeMetrics }, ({ error }) => (error ? reject(error) : resolve()));
  });
  await exporter.shutdown();
}

const exactQuantile = (q: number) => DURATIONS[Math.ceil(q * DURATIONS.length) - 1] as number;

async function queryValue(prometheus: Prometheus, expression: string): Promise<number> {
  const found = await until(
    () => prometheus.query(expression),
    ({ length }) => length > 0,
  );
  return found[0]?.value as number;
}

/** The bounds of the explicit bucket that a value is in. */
function bucketOf(value: number): readonly [low: number, high: number] {
  const i = DEFAULT_BUCKETS.findIndex((bound) => value <= bound);
  return [DEFAULT_BUCKETS[i - 1] ?? 0, DEFAULT_BUCKETS[i] as number];
}

it('native histograms have the same counts and sums as explicit ones, and quantiles to 1.5 %, on every way into Prometheus', async (test) => {
  const program = take('prometheus', test);
  const collectorProgram = take('collector', test);
  const [straight, behind, scraped] = await Promise.all([
    runPrometheus(shippedOptions(program, {})),
    runPrometheus(shippedOptions(program, {})),
    runCollector({ program: collectorProgram }),
  ]);
  const [pushing, collected] = await Promise.all([
    runCollector({
      program: collectorProgram,
      config: COLLECTOR_CONFIG_OTLP,
      env: { PROMETHEUS_OTLP_ENDPOINT: `${behind.url}/api/v1/otlp` },
    }),
    runPrometheus(shippedOptions(program, { collector: [{ targets: [scraped.address] }] })),
  ]);
  const series = record(DURATIONS);
  const receivers = [
    `${scraped.url}/v1/metrics`,
    `${pushing.url}/v1/metrics`,
    `${straight.url}/api/v1/otlp/v1/metrics`,
  ];
  for (const url of receivers) for (const kind of KINDS) await push(series, kind, url);

  for (const [way, prometheus] of Object.entries({ collected, behind, straight })) {
    const query = (expression: string) => queryValue(prometheus, expression);
    const counts = [
      await query('http_duration_count{job="explicit"}'),
      await query('histogram_count(http_duration{job="exponential"})'),
    ];
    expect([way, counts]).toEqual([way, [20_000, 20_000]]);
    expect(await query('histogram_sum(http_duration{job="exponential"})')).toBe(
      await query('http_duration_sum{job="explicit"}'),
    );
    // Half a second is a bound of both.
    const fast = await query(`histogram_fraction(0, ${OBJECTIVE_SECONDS}, http_duration{job="exponential"})`);
    expect(fast * 20_000).toBeCloseTo(DURATIONS.filter((seconds) => seconds <= OBJECTIVE_SECONDS).length, 6);
    expect(fast * 20_000).toBeCloseTo(await query('http_duration_bucket{job="explicit", le="0.5"}'), 6);
    for (const q of [0.5, 0.9, 0.95, 0.99, 0.999]) {
      const exact = exactQuantile(q);
      const native = await query(`histogram_quantile(${q}, http_duration{job="exponential"})`);
      expect(Math.abs(native / exact - 1), `${way}, ${q}: ${native} is ${exact}`).toBeLessThan(0.015);
      const explicit = await query(`histogram_quantile(${q}, http_duration_bucket{job="explicit"})`);
      expect(bucketOf(native), `${way}, ${q}: ${native}, ${explicit}`).toEqual(bucketOf(explicit));
    }
  }

  // A wider range of durations halves the resolution of the process. That is no restart: `increase` goes on.
  for (const seconds of [0.000002, 100_000]) series.plain.requests.record('/', 'GET', 200, seconds);
  await push(series, 'exponential', receivers[2] as string);
  await until(
    () => straight.query('http_duration{job="exponential"}'),
    ([found]) => found?.value === 20_002,
  );
  expect(await queryValue(straight, 'resets(http_duration{job="exponential"}[5m])')).toBe(0);
});
