import { mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLLECTOR_CONFIG_OTLP, type Collector } from '../../../stack/collector.ts';
import type { Found } from '../../../stack/programs.ts';
import type { Prometheus } from '../../../stack/prometheus.ts';
import { shippedPrometheus, type Targets } from '../../../stack/shipped-config.ts';
import { startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { root } from '../../support/root.ts';
import { atEnd } from '../../support/shared.ts';
import { recordHistory, writeHistory } from './history.ts';
import { impatient, RULES } from './impatient.ts';
import { runCollector, runPrometheus } from './run.ts';
import { type Shop, startShop } from './shop.ts';

/** Seconds between two scrapes. */
const PACE = '1s';

export type PrometheusVersion = 'prometheus' | 'system-prometheus';

/**
 * The demo's shop, with its customers in it.
 * @property alone  a Prometheus that has scraped the shop for 45 s, and nothing else
 * @property full   Prometheuses for which every expression of the dashboards and rules has something to find
 */
export interface Live {
  readonly shop: Shop;
  readonly alone: Prometheus;
  readonly full: Readonly<Record<PrometheusVersion, Prometheus>>;
}

/** Starts all of it at once, as most of the time is spent waiting for scrapes. To be called in `shared`. */
export async function startLive(programs: Record<PrometheusVersion | 'promtool' | 'collector', Found>): Promise<Live> {
  const shop = await startShop({ OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.1.0' });
  const services = [{ targets: [shop.target], labels: { job: 'shop' } }];
  const alone = await runPrometheus(impatient(shippedPrometheus(programs.prometheus, { services }, PACE)));

  const now = await (await fetch(`http://${shop.target}/metrics`)).text();
  const past = now.replaceAll('service_version="1.1.0"', 'service_version="1.0.0"');
  const history = temporaryFolder();
  await writeHistory(programs.promtool, history, past, 'job="shop",instance="before"');
  const collectors = await troubledCollectors(programs.collector);
  const crowded = { targets: await crowdedApps(collectors), labels: { job: 'crowded' } };
  const otelcol = [{ targets: collectors.map(({ ownMetricsAddress }) => ownMetricsAddress) }];
  const startFull = async (name: PrometheusVersion) => {
    const folder = temporaryFolder();
    await cp(join(history, 'data'), join(folder, 'data'), { recursive: true });
    return await startWithPast(programs[name], programs.promtool, folder, {
      services: [...services, crowded],
      otelcol,
    });
  };
  const full = { prometheus: await startFull('prometheus'), 'system-prometheus': await startFull('system-prometheus') };
  await hasScraped(alone, 45);
  await hasScraped(full.prometheus, 30);
  await hasScraped(full['system-prometheus'], 30);
  return { shop, alone, full };
}

const hasScraped = (prometheus: Prometheus, times: number) =>
  until(
    () => prometheus.query(`count_over_time(up{job="shop", instance!="before"}[2m]) >= ${times}`),
    (found) => found.length > 0,
    90,
  );

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'apm-live-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A Prometheus whose folder has a past, with what its rules would have recorded in it. */
async function startWithPast(program: Found, promtool: Found, folder: string, targets: Targets): Promise<Prometheus> {
  const options = shippedPrometheus(program, targets, PACE);
  const flags = [...(options.flags ?? []), '--storage.tsdb.retention.time=30d'];
  const prometheus = await runPrometheus({ ...impatient(options), folder, flags });
  await recordHistory(promtool, prometheus, RULES);
  return prometheus;
}

/** Nothing takes what the first would push on, and there is little room for it; what the second pushes is refused (404). */
async function troubledCollectors(program: Found): Promise<Collector[]> {
  const queueing = (to: string) =>
    runCollector({
      program,
      config: COLLECTOR_CONFIG_OTLP,
      overlay: { exporters: { otlp_http: { sending_queue: { queue_size: 5000 } } } },
      env: { PROMETHEUS_OTLP_ENDPOINT: to },
    });
  const full = await queueing('http://127.0.0.1:1');
  return [full, await queueing(`http://${full.ownMetricsAddress}`)];
}

/** For each Collector an app with room for one path; whatever else is asked for is `other`. @returns where they are scraped */
async function crowdedApps(collectors: readonly Collector[]): Promise<string[]> {
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
