import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../grafana/dashboards.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { apm } from '../cli/run.ts';
import { AN_HOUR, expressionsOf } from '../grafana/expressions.ts';
import { shared } from '../support/shared.ts';
import { hasData } from './support/has-data.ts';
import { writeHistory } from './support/history.ts';
import { createTemporaryFolder, startCachingApp, startWithPast, waitForScrapes } from './support/live.ts';
import { needPrograms } from './support/needed-programs.ts';
import { startShop } from './support/shop.ts';

const PROGRAMS = ['system-prometheus', 'system-promtool'] as const;
const take = needPrograms(...PROGRAMS);
const PREFIX = 'shop_';

/** A Prometheus that scrapes the demo's shop under a prefix, with the rules for that prefix. */
const live = shared(async () => {
  const programs = take.all();
  if (!programs) return undefined;
  const shop = await startShop({
    APM_METRIC_PREFIX: PREFIX,
    APM_CONTEXT: 'true',
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.1.0',
  });
  const now = await (await fetch(`http://${shop.target}/metrics`)).text();
  const past = now.replaceAll('service_version="1.1.0"', 'service_version="1.0.0"');
  const folder = createTemporaryFolder();
  const { 'system-prometheus': program, 'system-promtool': promtool } = programs;
  await writeHistory(promtool, folder, past, 'job="shop",instance="before"');
  const { stdout: rules } = await apm(['rules', '--prefix', PREFIX]);
  const services = [
    { targets: [shop.target], labels: { job: 'shop' } },
    { targets: [await startCachingApp({ APM_METRIC_PREFIX: PREFIX })], labels: { job: 'caching' } },
  ];
  const prometheus = await startWithPast(program, promtool, folder, { services }, rules);
  await waitForScrapes(prometheus, 15);
  return { prometheus, rules };
}, 120_000);

test('every expression of the dashboards finds data with the variable prefix, and every rule without a Collector', async (context) => {
  for (const name of PROGRAMS) take(name, context);
  const { prometheus, rules } = live() as { prometheus: Prometheus; rules: string };
  const deploy = String(Math.floor(Date.now() / 1000) - 45 * 60);
  const empty: string[] = [];
  let asked = 0;
  for (const dashboard of Object.values(DASHBOARDS)) {
    const values = { ...AN_HOUR, __rate_interval: '30s', deploy, prefix: PREFIX };
    for (const { panel, refId, expr, instant } of expressionsOf(dashboard, values)) {
      asked++;
      if (!(await hasData(prometheus, expr, instant))) empty.push(`${panel} ${refId}: ${expr}`);
    }
  }
  expect(empty).toEqual([]);
  expect(asked).toBeGreaterThan(60);
  const recorded = (parse(rules).groups as { rules: { record?: string }[] }[]).flatMap((group) =>
    group.rules.flatMap(({ record }) => record ?? []),
  );
  expect(recorded).toHaveLength(7);
  for (const name of recorded) expect([name, await hasData(prometheus, name, true)]).toEqual([name, true]);
});

test('apm report reads the prefixed metrics of a Prometheus', async (context) => {
  for (const name of PROGRAMS) take(name, context);
  const { prometheus } = live() as { prometheus: Prometheus };
  const report = ['report', '--prometheus', prometheus.url, '--period', '-10s..now', '--job', 'shop'];
  const missing = await apm(report);
  expect([missing.code, missing.stderr]).toEqual([
    2,
    expect.stringContaining('that --prefix is its APM_METRIC_PREFIX'),
  ]);
  const found = await apm([...report, '--prefix', PREFIX, '--format', 'json']);
  expect([found.code, found.stdout.includes('GET /checkout/:cart')]).toEqual([0, true]);
});
