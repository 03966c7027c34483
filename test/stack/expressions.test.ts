import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../grafana/dashboards.ts';
import { COLLECTOR_CONFIG_OTLP } from '../../stack/collector.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { readPrometheusFile, shippedPrometheus } from '../../stack/shipped-config.ts';
import { AN_HOUR, expressions } from '../grafana/expressions.ts';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { recordHistory, writeHistory } from './support/history.ts';
import { impatient, RULES } from './support/impatient.ts';
import { needs } from './support/needs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { selectors } from './support/selectors.ts';
import { startShop } from './support/shop.ts';

const takes = needs('prometheus', 'system-prometheus', 'promtool', 'collector');

type Version = 'prometheus' | 'system-prometheus';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
}
const rules = (): Rule[] =>
  parse(readPrometheusFile('apm.rules.yml')).groups.flatMap(({ rules }: { rules: Rule[] }) => rules);

/** A Prometheus that has scraped the demo's shop for a minute, and has a past of eight days besides. */
async function live(name: Version, context: TestContext): Promise<Prometheus> {
  const program = takes(name, context);
  const promtool = takes('promtool', context);
  const folder = mkdtempSync(join(tmpdir(), 'apm-expressions-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));

  const shop = await startShop({ OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.1.0' });
  const now = await (await fetch(`http://${shop.target}/metrics`)).text();
  const past = now.replaceAll('service_version="1.1.0"', 'service_version="1.0.0"');
  await writeHistory(promtool, folder, past, 'job="shop",instance="before"');

  const queueing = (to: string) =>
    runCollector({
      program: takes('collector', context),
      config: COLLECTOR_CONFIG_OTLP,
      overlay: { exporters: { otlp_http: { sending_queue: { queue_size: 5000 } } } },
      env: { PROMETHEUS_OTLP_ENDPOINT: to },
    });
  // Nobody takes what the first would push on, and there is little room for it; the other one's is refused for good (404).
  const full = await queueing('http://127.0.0.1:1');
  const refused = await queueing(`http://${full.ownMetricsAddress}`);
  // One path fits; whatever else is asked for is `other`.
  const targets: string[] = [];
  for (const collector of [full, refused]) {
    const crowded = await startApp(join(root, 'test/apps/plain/app.mjs'), {
      env: {
        APM_MAX_PATHS: '1',
        OTEL_METRICS_EXPORTER: 'prometheus,otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_METRIC_EXPORT_INTERVAL: '500',
        OTEL_METRIC_EXPORT_TIMEOUT: '500',
      },
    });
    const [, metrics] = await crowded.said(/metrics at ([^\s;]+)/);
    for (const path of ['/a', '/b', '/c']) await (await fetch(`http://localhost:${crowded.port}${path}`)).text();
    targets.push(new URL(metrics as string).host);
  }

  const options = shippedPrometheus(
    program,
    {
      services: [
        { targets: [shop.target], labels: { job: 'shop' } },
        { targets, labels: { job: 'crowded' } },
      ],
      otelcol: [{ targets: [full.ownMetricsAddress, refused.ownMetricsAddress] }],
    },
    '1s',
  );
  const prometheus = await runPrometheus({
    ...impatient(options),
    folder,
    flags: [...(options.flags ?? []), '--storage.tsdb.retention.time=30d'],
  });
  await recordHistory(promtool, prometheus, RULES);
  await until(
    () => prometheus.query('count_over_time(up{job="shop", instance!="before"}[1m]) >= 30'),
    (found) => found.length > 0,
    90,
  );
  return prometheus;
}

/** Whether an expression has a number at its end, or at any of the last moments where it is drawn over time. */
async function hasData(prometheus: Prometheus, expr: string, instant: boolean): Promise<boolean> {
  if (instant) return (await prometheus.query(expr)).some(({ value }) => !Number.isNaN(value));
  const now = Date.now() / 1000;
  const drawn = await prometheus.queryRange(expr, now - 30, now, 5);
  return drawn.some(({ values }) => values.some(([, value]) => !Number.isNaN(value)));
}

test.for<Version>(['prometheus', 'system-prometheus'])(
  'every expression of every panel, rule and alert finds data: %s',
  { timeout: 240_000 },
  async (name, context) => {
    const prometheus = await live(name, context);
    const empty: string[] = [];
    let asked = 0;
    const ask = async (whose: string, expr: string, instant = true) => {
      asked++;
      const found = await hasData(prometheus, expr, instant).catch((error: Error) => error.message);
      if (found !== true) empty.push(`${whose}: ${found || 'nothing'}: ${expr}`);
    };
    const deploy = String(Math.floor(Date.now() / 1000) - 45 * 60);
    for (const [file, dashboard] of Object.entries(DASHBOARDS)) {
      const all = expressions(dashboard, { ...AN_HOUR, __rate_interval: '30s', deploy });
      for (const { panel, refId, expr, instant } of all) await ask(`${file}, ${panel}, ${refId}`, expr, instant);
    }
    for (const { record, alert, expr } of rules()) {
      if (record) await ask(record, expr);
      else for (const selector of selectors(expr)) await ask(alert as string, selector);
    }
    expect(empty).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  },
);
