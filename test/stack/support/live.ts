import { mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLLECTOR_CONFIG_OTLP, type Collector } from '../../../stack/collector.ts';
import { freePorts } from '../../../stack/ports.ts';
import type { Found } from '../../../stack/programs.ts';
import type { Prometheus } from '../../../stack/prometheus.ts';
import { readPrometheusFile, shippedPrometheus, type Targets } from '../../../stack/shipped-config.ts';
import { apm } from '../../cli/run.ts';
import { installPackages } from '../../packages/install.ts';
import { DATABASE_DRIVERS } from '../../packages/tools.ts';
import { startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { root } from '../../support/root.ts';
import { atEnd } from '../../support/shared.ts';
import { recordHistory, writeHistory } from './history.ts';
import { startNative } from './native-live.ts';
import { RULES, removeDelays } from './rule-delays.ts';
import { runCollector, runPrometheus } from './run.ts';
import { type Shop, startShop } from './shop.ts';

const SCRAPE_INTERVAL = '1s';

export type PrometheusVersion = 'prometheus' | 'system-prometheus';
/** `native` is a Prometheus 3 with native histograms, and the rules for these. */
export type FullPrometheus = PrometheusVersion | 'native';

/**
 * The running demo's shop with its customers.
 * @property alone  a Prometheus that scraped only the shop, for 45 s
 * @property full   Prometheuses in which every expression of the dashboards and rules finds data
 */
export interface Live {
  readonly shop: Shop;
  readonly alone: Prometheus;
  readonly full: Readonly<Record<FullPrometheus, Prometheus>>;
  /** The rules of each. */
  readonly rules: Readonly<Record<FullPrometheus, string>>;
}

/** Starts everything before it waits for scrapes, because these take most of the time. Call it in `shared`. */
export async function startLive(programs: Record<PrometheusVersion | 'promtool' | 'collector', Found>): Promise<Live> {
  const [nativePort] = (await freePorts(1)) as [number];
  const shop = await startShop({
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.1.0',
    OTEL_METRICS_EXPORTER: 'prometheus,otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${nativePort}/api/v1/otlp`,
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_METRIC_EXPORT_TIMEOUT: '1000',
    APM_HISTOGRAM: 'exponential',
    APM_CONTEXT: 'true',
  });
  const services = [{ targets: [shop.target], labels: { job: 'shop' } }];
  const alone = await runPrometheus(
    removeDelays(shippedPrometheus(programs.prometheus, { services }, SCRAPE_INTERVAL)),
  );

  const now = await (await fetch(`http://${shop.target}/metrics`)).text();
  const past = now.replaceAll('service_version="1.1.0"', 'service_version="1.0.0"');
  const history = createTemporaryFolder();
  await writeHistory(programs.promtool, history, past, 'job="shop",instance="before"');
  const collectors = await startTroubledCollectors(programs.collector);
  const crowded = { targets: await startCrowdedApps(collectors), labels: { job: 'crowded' } };
  const caching = { targets: [await startCachingApp()], labels: { job: 'caching' } };
  const otelcol = [{ targets: collectors.map(({ ownMetricsAddress }) => ownMetricsAddress) }];
  const startFull = async (name: PrometheusVersion) => {
    const folder = createTemporaryFolder();
    await cp(join(history, 'data'), join(folder, 'data'), { recursive: true });
    return await startWithPast(programs[name], programs.promtool, folder, {
      services: [...services, crowded, caching],
      otelcol,
    });
  };
  const explicitRules = readPrometheusFile(RULES);
  const nativeRules = (await apm(['rules', '--histogram', 'exponential'])).stdout;
  const full = {
    prometheus: await startFull('prometheus'),
    'system-prometheus': await startFull('system-prometheus'),
    native: await startNative({
      program: programs.prometheus,
      promtool: programs.promtool,
      port: nativePort,
      targets: { services: [crowded, caching], otelcol },
      interval: SCRAPE_INTERVAL,
      rules: nativeRules,
    }),
  };
  await waitForScrapes(alone, 45);
  await waitForScrapes(full.prometheus, 30);
  await waitForScrapes(full['system-prometheus'], 30);
  await until(
    () => full.native.query('count_over_time(http_duration{job="shop", instance!="before"}[2m]) >= 30'),
    (found) => found.length > 0,
    90,
  );
  const rules = { prometheus: explicitRules, 'system-prometheus': explicitRules, native: nativeRules };
  return { shop, alone, full, rules };
}

export const waitForScrapes = (prometheus: Prometheus, times: number) =>
  until(
    () => prometheus.query(`count_over_time(up{job="shop", instance!="before"}[2m]) >= ${times}`),
    (found) => found.length > 0,
    90,
  );

export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'apm-live-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Starts a Prometheus whose folder has a history, and adds the results of its recording rules to it.
 * @param rules  the shipped ones by default
 */
export async function startWithPast(
  program: Found,
  promtool: Found,
  folder: string,
  targets: Targets,
  rules?: string,
): Promise<Prometheus> {
  const shipped = shippedPrometheus(program, targets, SCRAPE_INTERVAL);
  const options = { ...shipped, files: { ...shipped.files, ...(rules !== undefined && { [RULES]: rules }) } };
  const flags = [...(options.flags ?? []), '--storage.tsdb.retention.time=30d'];
  const prometheus = await runPrometheus({ ...removeDelays(options), folder, flags });
  await recordHistory(promtool, prometheus, RULES);
  return prometheus;
}

/** Starts two Collectors: the first has a small queue and an unreachable target, the second gets a 404 for each push. */
async function startTroubledCollectors(program: Found): Promise<Collector[]> {
  const startQueueing = (to: string) =>
    runCollector({
      program,
      config: COLLECTOR_CONFIG_OTLP,
      overlay: { exporters: { otlp_http: { sending_queue: { queue_size: 5000 } } } },
      env: { PROMETHEUS_OTLP_ENDPOINT: to },
    });
  const full = await startQueueing('http://127.0.0.1:1');
  return [full, await startQueueing(`http://${full.ownMetricsAddress}`)];
}

/** Starts one app per Collector, with a limit of one path so that it also counts `other`. @returns the scrape targets */
async function startCrowdedApps(collectors: readonly Collector[]): Promise<string[]> {
  const targets: string[] = [];
  for (const collector of collectors) {
    const app = await startApp(join(root, 'test/apps/plain/app.mjs'), {
      env: {
        APM_MAX_PATHS: '1',
        OTEL_METRICS_EXPORTER: 'prometheus,otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_METRIC_EXPORT_INTERVAL: '500',
        OTEL_METRIC_EXPORT_TIMEOUT: '500',
      },
    });
    const [, metrics] = await app.waitForOutput(/metrics at ([^\s;]+)/);
    for (const path of ['/a', '/b', '/c']) await (await fetch(app.url(path))).text();
    targets.push(new URL(metrics as string).host);
  }
  return targets;
}

/** Starts an app that calls a cache. @returns the scrape target */
export async function startCachingApp(settings: Record<string, string> = {}): Promise<string> {
  const app = await startApp(join(root, 'test/apps/database/app.mjs'), {
    env: { ...settings, PACKAGES: await installPackages(DATABASE_DRIVERS) },
  });
  await (await fetch(app.url('/'))).text();
  return new URL(await app.metricsUrl()).host;
}
