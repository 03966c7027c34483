import { expect, type TestContext, test } from 'vitest';
import { parse } from 'yaml';
import { DASHBOARDS } from '../../grafana/dashboards.ts';
import type { Prometheus, Sample } from '../../stack/prometheus.ts';
import { AN_HOUR, expressionsOf } from '../grafana/expressions.ts';
import { until } from '../support/exposition.ts';
import { shared } from '../support/shared.ts';
import { hasData } from './support/has-data.ts';
import { type FullPrometheus, type Live, startLive } from './support/live.ts';
import { needPrograms } from './support/needed-programs.ts';
import { selectors } from './support/selectors.ts';

const PROGRAMS = ['prometheus', 'system-prometheus', 'promtool', 'collector'] as const;
const take = needPrograms(...PROGRAMS);

const live = shared(async () => {
  const programs = take.all();
  return programs && (await startLive(programs));
}, 240_000);

/** Skips or fails the test first if a program is missing. */
function takeLive(context: TestContext): Live {
  for (const name of PROGRAMS) take(name, context);
  return live() as Live;
}

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
}
const readRules = (text: string): Rule[] => parse(text).groups.flatMap(({ rules }: { rules: Rule[] }) => rules);

/** The customers send this traffic (demo/traffic.mjs, demo/payments.mjs), so the dashboard must show it. */
const REQUESTS_PER_SECOND = 60;
const FAILED = 1 / 120;
const NO_SUCH_USER = 1 / 120;
const NOT_FOUND = 1 / 120;
const CHECKOUTS = 30 / 120;
const STALLED_CALLS = 1 / 33;
const MEAN_STALL_SECONDS = 2;
const STALLED = CHECKOUTS * STALLED_CALLS;
/** Mean of the requests that do not stall: products 9 ms, users 3.5 ms, orders 16.5 ms, checkouts 15 ms. */
const REST_MEAN_SECONDS = (24 * 0.009 + 49 * 0.0035 + 16 * 0.0165 + 30 * 0.015) / 120;

/** Runs a query of a panel of the Service dashboard. */
async function queryPanel(prometheus: Prometheus, title: string, refId = 'A'): Promise<Sample[]> {
  const values = { ...AN_HOUR, __rate_interval: '30s' };
  const asked = expressionsOf(DASHBOARDS.service as (typeof DASHBOARDS)[string], values);
  const found = asked.find((one) => one.panel === title && one.refId === refId);
  if (!found) throw new Error(`no panel ${title} ${refId}`);
  return prometheus.query(found.expr);
}

const queryNumber = async (...args: Parameters<typeof queryPanel>) => (await queryPanel(...args))[0]?.value;

/** One alert looks for services with the other kind of histogram, and there is none. */
const OTHER_KIND: Record<FullPrometheus, RegExp> = {
  prometheus: /^last_over_time\(http_duration\{/,
  'system-prometheus': /^last_over_time\(http_duration\{/,
  native: /^last_over_time\(http_duration_count\{/,
};

test.for<FullPrometheus>(['prometheus', 'system-prometheus', 'native'])(
  'every expression of the dashboards, rules and alerts finds data: %s',
  async (name, context) => {
    const { full, rules } = takeLive(context);
    const prometheus = full[name];
    const asked: { title: string; expr: string; instant: boolean }[] = [];
    const check = (title: string, expr: string, instant = true) => void asked.push({ title, expr, instant });
    const deploy = String(Math.floor(Date.now() / 1000) - 45 * 60);
    for (const [file, dashboard] of Object.entries(DASHBOARDS)) {
      const all = expressionsOf(dashboard, { ...AN_HOUR, __rate_interval: '30s', deploy });
      for (const { panel, refId, expr, instant } of all) check(`${file}, ${panel}, ${refId}`, expr, instant);
    }
    for (const { record, alert, expr } of readRules(rules[name])) {
      if (record) check(record, expr);
      else {
        const own = selectors(expr).filter((selector) => !OTHER_KIND[name].test(selector));
        for (const selector of own) check(alert as string, selector);
      }
    }
    expect(asked.length).toBeGreaterThan(100);
    // On a busy machine, rules are evaluated late: what finds nothing is asked again.
    const answered = new Set<(typeof asked)[number]>();
    const findEmpty = async () => {
      const empty: string[] = [];
      for (const one of asked) {
        if (answered.has(one)) continue;
        const found = await hasData(prometheus, one.expr, one.instant).catch((error: Error) => error.message);
        if (found === true) answered.add(one);
        else empty.push(`${one.title}: ${found || 'nothing'}: ${one.expr}`);
      }
      return empty;
    };
    await until(findEmpty, (empty) => empty.length === 0, 45);
  },
);

test('the dashboard lists the stalling endpoint first and its alert fires, while its mean looks harmless', async (context) => {
  const { shop, alone: prometheus } = takeLive(context);
  // The whole service. The upper limits are high because a busy machine also makes other requests slow.
  const expectBetween = async (
    expected: number,
    least: number,
    most: number,
    ...asked: [title: string, refId?: string]
  ) => {
    const shown = await queryNumber(prometheus, ...asked);
    expect(shown, asked.join()).toBeGreaterThan(expected * least);
    expect(shown, asked.join()).toBeLessThan(expected * most);
  };
  await expectBetween(REQUESTS_PER_SECOND, 0.9, 1.1, 'Requests');
  await expectBetween(REQUESTS_PER_SECOND, 0.9, 1.1, 'Requests by version');
  await expectBetween(REQUESTS_PER_SECOND * (NO_SUCH_USER + NOT_FOUND), 0.8, 1.2, 'Requests by status', 'C');
  await expectBetween(REQUESTS_PER_SECOND * FAILED, 0.8, 1.2, 'Requests by status', 'D');
  await expectBetween(FAILED, 0.8, 1.2, 'Errors');
  await expectBetween(NOT_FOUND, 0.8, 1.2, 'Requests without an endpoint');
  await expectBetween(STALLED, 0.5, 10, 'Slower than $objective s');
  await expectBetween(REST_MEAN_SECONDS + STALLED * MEAN_STALL_SECONDS, 0.4, 5, 'Percentiles and mean', 'D');
  expect(await queryNumber(prometheus, 'Above the top bound')).toBe(0);
  expect(await queryNumber(prometheus, 'Processes')).toBe(1);

  // The stalling endpoint: the median is short, and 1 request in 100 takes seconds.
  const slowest = (await queryPanel(prometheus, 'Slowest endpoints')).map(({ metric }) => metric.path);
  expect([slowest[0], ...slowest.toSorted()]).toEqual([
    '/checkout/:cart',
    ...['/checkout/:cart', '/orders', '/products', '/users/:id'],
  ]);
  const checkout = async (refId: string) =>
    (await queryPanel(prometheus, 'Slowest endpoints', refId)).find(({ metric }) => metric.path === slowest[0])?.value;
  const [p99 = 0, p50, mean] = [await checkout('A'), await checkout('B'), await checkout('C')];
  expect(p99).toBeGreaterThan(1.5);
  expect(p50).toBeLessThan(p99 / 10);
  expect(mean).toBeLessThan(p99 / 4);

  const firing = await until(
    () => prometheus.query('ALERTS{alertname="HttpTailGapWidening", alertstate="firing"}'),
    (found) => found.length > 0,
    30,
  );
  expect(firing.map(({ metric }) => [metric.job, metric.method, metric.path])).toEqual([
    ['shop', 'GET', '/checkout/:cart'],
  ]);

  // What its slow requests wait for: the service that it calls. Its usual requests also wait for a simulated database.
  const slow = (await queryPanel(prometheus, 'Where the time of slow requests goes')).toSorted(
    (a, b) => b.value - a.value,
  );
  expect(slow[0]?.metric.on).toMatch(/^localhost:\d+$/);
  expect(slow[0]?.value).toBeGreaterThan(0.5);
  const { data } = (await (await fetch(`${prometheus.url}/api/v1/alerts`)).json()) as {
    data: { alerts: { labels: Record<string, string>; annotations: Record<string, string> }[] };
  };
  const widening = data.alerts.find(({ labels }) => labels.alertname === 'HttpTailGapWidening');
  expect(widening?.annotations.description).toMatch(
    new RegExp(`^Its slow requests spend [\\d.]+% of their time on ${slow[0]?.metric.on}\\.$`, 'm'),
  );

  // Prometheus counts every request that was sent.
  const sent = await shop.endCustomers();
  await until(
    () => prometheus.query('sum(http_requests_total{job="shop"})'),
    ([total]) => total?.value === sent,
  );
});
