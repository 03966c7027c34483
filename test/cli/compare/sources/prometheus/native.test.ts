import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { expect, test } from 'vitest';
import { FineHistogram } from '../../../../../src/base/histogram/fine-histogram.ts';
import { PrometheusApi } from '../../../../../src/cli/compare/sources/prometheus/api.ts';
import { loadRangePeriod } from '../../../../../src/cli/compare/sources/prometheus/ranges.ts';
import type { CallSummary } from '../../../../../src/cli/report/outgoing.ts';
import { ExportedMetrics } from '../../../../../src/metrics/otel/exported-metrics.ts';
import { createViews } from '../../../../../src/metrics/otel/views.ts';
import { createProcessSeries, type ProcessSeries } from '../../../../../src/metrics/process-series.ts';
import { DEFAULT_BUCKETS } from '../../../../../src/semconv.ts';
import type { Found } from '../../../../../stack/programs.ts';
import type { Prometheus } from '../../../../../stack/prometheus.ts';
import { needPrograms } from '../../../../stack/support/needed-programs.ts';
import { runPrometheus } from '../../../../stack/support/run.ts';
import { shippedOptions } from '../../../../stack/support/shipped-options.ts';
import { shared } from '../../../../support/shared.ts';
import { apm } from '../../../run.ts';
import { seededNumbers } from './backfill.ts';

const take = needPrograms('prometheus');
const STEP_SECONDS = 15;
const STEPS = 240;
const TO = Math.floor(Date.now() / 1000) - 60;
const MIDDLE = TO - STEPS * STEP_SECONDS;
const FROM = MIDDLE - STEPS * STEP_SECONDS;
/** A short period at the end. */
const LAST = TO - 20 * STEP_SECONDS;
const REQUESTS_PER_STEP = 40;
/** Both are in the bucket from 15 to 25 ms. */
const [BEFORE_SECONDS, AFTER_SECONDS] = [0.02, 0.017];
const COUNT = STEPS * REQUESTS_PER_STEP;

/** Durations of one step, around this one. */
const next = seededNumbers(3);
const uniform = () => (next(1_000_000) + 1) / 1_000_001;
const drawDurations = (seconds: number) =>
  Array.from({ length: REQUESTS_PER_STEP }, () => {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    return seconds * Math.exp(0.15 * normal);
  });

/** Longer requests are slow. */
const SLOW_SECONDS = 0.018;

/**
 * Services that counted the same: with histograms of each kind, and under the names of the semantic conventions. The exact
 * durations after the middle are returned, in their order.
 */
async function pushHistories(prometheus: Prometheus): Promise<number[]> {
  const series = createProcessSeries({
    buckets: DEFAULT_BUCKETS,
    maxPaths: 10,
    knownMethods: ['GET'],
    slow: SLOW_SECONDS,
  });
  const exportedAs = (metricNames: 'apm' | 'semconv') =>
    new ExportedMetrics(
      createViews({ metricNames, metricPrefix: '', buckets: DEFAULT_BUCKETS }),
      series.kinds,
      metricNames === 'semconv',
    );
  const services = [
    { job: 'explicit', exported: exportedAs('apm'), kind: 'explicit', pushed: [] as MetricData[][] },
    { job: 'exponential', exported: exportedAs('apm'), kind: 'exponential', pushed: [] as MetricData[][] },
    { job: 'semconv', exported: exportedAs('semconv'), kind: 'explicit', pushed: [] as MetricData[][] },
  ] as const;
  const after: number[] = [];
  for (let i = 1; i <= 2 * STEPS; i++) {
    const at = FROM + i * STEP_SECONDS;
    const durations = drawDurations(at <= MIDDLE ? BEFORE_SECONDS : AFTER_SECONDS);
    if (at > MIDDLE) after.push(...durations);
    for (const seconds of durations) recordRequest(series, seconds);
    for (const { exported, kind, pushed } of services) {
      const scopes = exported.convert(
        series.all.read(),
        [],
        { temporality: 'cumulative', start: [FROM, 0], end: [at, 0] },
        kind,
      );
      pushed.push(scopes.flatMap(({ metrics }) => metrics));
    }
  }
  for (const { job, pushed } of services) await push(prometheus, job, pushed);
  return after;
}

/** A request calls a service for half of its time, and a database for a quarter. */
function recordRequest(series: ProcessSeries, seconds: number): void {
  series.plain.requests.record('/pay', 'GET', 200, seconds);
  const [payment, query] = [500 * seconds, 250 * seconds];
  const calls = [
    { on: 'payments:4000', ms: payment },
    { on: 'postgresql db:5433', ms: query },
  ];
  series.calls.record({ host: 'payments:4000', method: 'POST', status: 200 }, payment / 1000);
  series.databaseCalls.record({ system: 'postgresql', host: 'db:5433', operation: 'SELECT' }, query / 1000);
  series.timeSpent.record('/pay', 'GET', seconds, { codeMs: 250 * seconds, unseenMs: 0, calls }, false);
}

/** All points of a metric are one metric. */
async function push(prometheus: Prometheus, job: string, collections: MetricData[][]): Promise<void> {
  const [first = []] = collections;
  const metrics = first.map((metric, i) => {
    const dataPoints = collections.flatMap((all): object[] => all[i]?.dataPoints ?? []);
    return { ...metric, dataPoints } as MetricData;
  });
  const scopeMetrics: ScopeMetrics[] = [{ scope: { name: 'history' }, metrics }];
  const exporter = new OTLPMetricExporter({ url: `${prometheus.url}/api/v1/otlp/v1/metrics` });
  const resource = resourceFromAttributes({ 'service.name': job, 'service.instance.id': 'one' });
  await new Promise<void>((resolve, reject) => {
    exporter.export({ resource, scopeMetrics }, ({ error }) => (error ? reject(error) : resolve()));
  });
  await exporter.shutdown();
}

async function startWithHistories(program: Found) {
  const options = shippedOptions(program, {});
  const storage = { tsdb: { out_of_order_time_window: '1d' } };
  const prometheus = await runPrometheus({ ...options, config: { ...(options.config as object), storage } });
  const after = await pushHistories(prometheus);
  return { prometheus, last: after.slice(-20 * REQUESTS_PER_STEP), after: after.sort((a, b) => a - b) };
}

const live = shared(async () => {
  const programs = take.all();
  return programs && (await startWithHistories(programs.prometheus));
});

type Live = Awaited<ReturnType<typeof startWithHistories>>;

test('reads native histograms: all requests, and every one of them in a narrow bucket', async (context) => {
  take('prometheus', context);
  const { prometheus, after } = live() as Live;
  const api = new PrometheusApi(prometheus.url, undefined);
  const { side } = await loadRangePeriod(api, { job: 'exponential' }, { from: MIDDLE, to: TO }, { pageSamples: 5_000 });
  expect(side.bounds).toBe(undefined);
  const fine = new FineHistogram();
  let [requests, seconds] = [0, 0];
  for (const totals of side.blocks.flatMap(({ endpoints }) => endpoints.get('GET /pay') ?? [])) {
    expect(totals.buckets).toBe(undefined);
    requests += totals.requests;
    seconds += totals.seconds;
    fine.add(totals.histogram);
  }
  const expected = new FineHistogram();
  for (const duration of after) expected.record(duration);
  expect([requests, fine.encode()]).toEqual([COUNT, expected.encode()]);
  expect(seconds).toBeCloseTo(
    after.reduce((sum, duration) => sum + duration, 0),
    6,
  );
});

const compare = async (prometheus: Prometheus, job: string, ...more: string[]) => {
  const [before, after] = [`${FROM}..${MIDDLE}`, `${MIDDLE}..${TO}`];
  const args = ['compare', '--prometheus', prometheus.url, '--job', job, '--before', before, '--after', after];
  return apm([...args, '--format', 'json', ...more]);
};

test('apm compare shows from native histograms what is inside one bucket of explicit ones', async (context) => {
  take('prometheus', context);
  const { prometheus } = live() as Live;
  const verdictOf = async (job: string) => {
    const { stdout, stderr } = await compare(prometheus, job);
    expect(stderr).not.toContain('apm compare:');
    const { endpoints } = JSON.parse(stdout);
    return endpoints[0].measures.find(({ measure }: { measure: string }) => measure === 'p50');
  };
  const native = await verdictOf('exponential');
  expect(native.verdict).toBe('better');
  expect(native.change.value).toBeCloseTo(AFTER_SECONDS / BEFORE_SECONDS - 1, 1);
  expect(Math.abs(native.after.value / AFTER_SECONDS - 1)).toBeLessThan(0.015);
  expect((await verdictOf('explicit')).verdict).toBe('below resolution');
});

test('apm report shows the percentiles of native histograms', async (context) => {
  take('prometheus', context);
  const { prometheus, after } = live() as Live;
  const args = ['report', '--prometheus', prometheus.url, '--job', 'exponential', '--period', `${MIDDLE}..${TO}`];
  const { code, stdout } = await apm([...args, '--format', 'json']);
  expect(code).toBe(0);
  const [endpoint] = JSON.parse(stdout).slowest;
  for (const [name, q] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const exact = after[Math.ceil(q * after.length) - 1] as number;
    expect(Math.abs(endpoint[name].value / exact - 1), name).toBeLessThan(0.022);
  }
});

test('says when a period has histograms of both kinds', async (context) => {
  take('prometheus', context);
  const { prometheus } = live() as Live;
  const { code, stderr } = await apm([...['report', '--prometheus', prometheus.url, '--period', `${MIDDLE}..${TO}`]]);
  expect(code).toBe(2);
  expect(stderr).toContain(
    'has native histograms and histograms with bounds: leave out the time before the change from one to the other',
  );
});

test.for(['explicit', 'exponential', 'semconv'])(
  'reports on the calls, and on where the time went: %s',
  async (job, context) => {
    take('prometheus', context);
    const { prometheus, last } = live() as Live;
    const args = ['report', '--prometheus', prometheus.url, '--job', job, '--period', `${LAST}..${TO}`];
    const report = JSON.parse((await apm([...args, '--format', 'json'])).stdout);
    const seconds = last.reduce((sum, duration) => sum + duration, 0);
    const calls = report.calls.map(({ p50, p99, mean, ...rest }: CallSummary) => rest);
    expect(calls).toEqual([
      {
        called: 'payments:4000',
        operation: 'POST',
        calls: last.length,
        failed: 0,
        seconds: expect.closeTo(seconds / 2, 5),
      },
      {
        called: 'postgresql db:5433',
        operation: 'SELECT',
        calls: last.length,
        failed: null,
        seconds: expect.closeTo(seconds / 4, 5),
      },
    ]);
    // Half of a median of 17 ms; of explicit buckets, only the bucket is known.
    const [{ p50 }] = report.calls;
    expect([p50.low < 0.0085, p50.high > 0.0085, p50.high / p50.low < (job === 'exponential' ? 1.03 : 3)]).toEqual([
      true,
      true,
      true,
    ]);
    // What the code took, and the database.
    const rest = { on: expect.any(String), slowShare: expect.closeTo(0.25, 5), share: expect.closeTo(0.25, 5) };
    expect(report.time[0].spentOn).toEqual([
      {
        on: 'payments:4000',
        seconds: expect.closeTo(seconds / 2, 5),
        share: expect.closeTo(0.5, 5),
        slowShare: expect.closeTo(0.5, 5),
      },
      { ...rest, seconds: expect.closeTo(seconds / 4, 5) },
      { ...rest, seconds: expect.closeTo(seconds / 4, 5) },
    ]);
    const filtered = await apm([...args, '--path', '/pay']);
    expect(filtered.stdout).toContain('`payments:4000` 50 %');
    expect(filtered.stdout).not.toContain('Outgoing calls');
  },
);
