import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COLLECTOR_CONFIG_OTLP } from '../../stack/collector.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { type App, startApp } from '../support/app.ts';
import { labels, requests, samples, until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { collectSeries } from './support/collect-series.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { seriesName } from './support/series.ts';
import { shippedOptions } from './support/shipped-options.ts';
import { startTee, type Tee } from './support/tee.ts';
import { EXPECTED_COUNTS, sendTraffic } from './support/traffic.ts';

const take = needPrograms('prometheus', 'system-prometheus', 'collector');
const SHOP = join(root, 'test/stack/support/shop/app.mjs');

/**
 * Starts the shop so that it is scraped and also pushes. One Prometheus must never get both, so here each way has its own
 * Prometheus.
 */
async function startShop(tee: Tee, histogram = 'explicit'): Promise<{ app: App; metrics: string }> {
  const app = await startApp(SHOP, {
    env: {
      OTEL_METRICS_EXPORTER: 'prometheus,otlp',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: tee.url,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      APM_HISTOGRAM: histogram,
      APM_CONTEXT: 'true',
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=one,deployment.environment.name=test',
    },
  });
  const [, metrics] = await app.waitForOutput(/metrics at (\S+) .*;/);
  return { app, metrics: metrics as string };
}

const targetsOf = (metrics: string) => ({ services: [{ targets: [new URL(metrics).host], labels: { job: 'shop' } }] });

/** The metrics of the app itself, once it has counted all traffic. */
async function readOwnMetrics(metrics: string): Promise<Record<string, number>> {
  const read = async () => await (await fetch(metrics)).text();
  const text = await until(read, (text) => requests(text)['GET /never 499'] === 1);
  expect(requests(text)).toEqual(EXPECTED_COUNTS);
  expect(text).toMatch(
    /^http_time_spent_seconds_total\{path="\/call",method="GET",on="127\.0\.0\.1:\d+",slow="false"\} /m,
  );
  return Object.fromEntries(
    Object.entries(samples(text)).map(([sample, value]) => [
      seriesName(sample.split('{', 1)[0] as string, labels(sample)),
      value,
    ]),
  );
}

/** @returns `job` and `instance` of the shop's series. The test fails unless all series have the same */
async function queryIdentity(prometheus: Prometheus) {
  const found = await prometheus.query('count by (job, instance) ({job="shop", __name__!~"up|scrape_.*"})');
  expect(found.length).toBe(1);
  return found[0]?.metric;
}

/** The only difference: scraping the app adds `_total` to the name of the app's own counter, and pushing does not. */
function withoutParcels(all: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('parcels')));
}

/** Native histograms have no series for their buckets. Those of the app have bounds on every way. */
function withoutNativeBuckets(all: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !/^http_(client_)?duration_bucket/.test(name)));
}

it.for(['explicit', 'exponential'])(
  'gives the same series and values by scrapes, by both ways of a Collector, and by direct pushes: %s',
  async (histogram, test) => {
    const program = take('prometheus', test);
    const collector = take('collector', test);
    const straight = await runPrometheus(shippedOptions(program, {}));
    const behind = await runPrometheus(shippedOptions(program, {}));
    const otlp = '/api/v1/otlp';
    const first = await runCollector({ program: collector });
    const second = await runCollector({
      program: collector,
      config: COLLECTOR_CONFIG_OTLP,
      env: { PROMETHEUS_OTLP_ENDPOINT: behind.url + otlp },
    });
    const collected = await runPrometheus(shippedOptions(program, { collector: [{ targets: [first.address] }] }));
    const tee = await startTee([
      `${first.url}/v1/metrics`,
      `${second.url}/v1/metrics`,
      `${straight.url}${otlp}/v1/metrics`,
    ]);
    const { app, metrics } = await startShop(tee, histogram);
    const direct = await runPrometheus(shippedOptions(program, targetsOf(metrics)));
    await sendTraffic(app);
    const all = await readOwnMetrics(metrics);
    const found = await collectSeries({ direct, collected, behind, straight }, 'shop', tee);

    expect(found.direct).toEqual(all);
    const pushed = withoutParcels(histogram === 'explicit' ? all : withoutNativeBuckets(all));
    expect(withoutParcels(found.collected)).toEqual(pushed);
    expect(withoutParcels(found.behind)).toEqual(pushed);
    expect(withoutParcels(found.straight)).toEqual(pushed);
    const parcels = (way: keyof typeof found) =>
      Object.entries(found[way]).filter(([name]) => name.startsWith('parcels'));
    expect(parcels('direct')).toEqual([['parcels_total{}', 6]]);
    for (const way of ['collected', 'behind', 'straight'] as const)
      expect([way, parcels(way)]).toEqual([way, [['parcels{}', 6]]]);

    expect(await queryIdentity(direct)).toEqual({ job: 'shop', instance: new URL(metrics).host });
    for (const prometheus of [collected, behind, straight])
      expect(await queryIdentity(prometheus)).toEqual({
        job: 'shop',
        instance: expect.stringMatching(/^one-[\da-f]{8}$/),
      });
    expect(app.stderr.split('\n').length).toBe(3);
  },
);

it("gives the same series and values in a distribution's Prometheus, by scrapes and by way 1 of a Collector", async (test) => {
  const program = take('system-prometheus', test);
  const collector = await runCollector({ program: take('collector', test) });
  const collected = await runPrometheus(shippedOptions(program, { collector: [{ targets: [collector.address] }] }));
  const tee = await startTee([`${collector.url}/v1/metrics`]);
  const { app, metrics } = await startShop(tee);
  const direct = await runPrometheus(shippedOptions(program, targetsOf(metrics)));
  await sendTraffic(app);
  const all = await readOwnMetrics(metrics);
  const found = await collectSeries({ direct, collected }, 'shop', tee);
  expect(found.direct).toEqual(all);
  expect(withoutParcels(found.collected)).toEqual(withoutParcels(all));
  expect(await queryIdentity(collected)).toEqual({ job: 'shop', instance: expect.stringMatching(/^one-[\da-f]{8}$/) });
});
