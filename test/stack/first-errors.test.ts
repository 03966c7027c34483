import { expect, it, type TestContext } from 'vitest';
import { COLLECTOR_CONFIG_OTLP } from '../../stack/collector.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { shippedPrometheus } from '../../stack/shipped-config.ts';
import { type App, startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { requests, until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { exactIncrease } from './support/exact-increase.ts';
import { needPrograms } from './support/needed-programs.ts';
import { removeDelays } from './support/rule-delays.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { shippedOptions } from './support/shipped-options.ts';

const take = needPrograms('prometheus', 'collector');
const STATUSES = 'test/apps/statuses/servers.mjs';
const ROUTES = { APM_ROUTES: '/orders/:status,/new/:status' };
const ERRORS = 30;
/** As in the README. */
const ERROR_SHARE = 'sum(rate(http_requests_total{status_code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))';

/** Sends the same request many times, at once: all of them within one scrape interval. */
async function send(app: App, path: string, times = ERRORS): Promise<void> {
  await Promise.all(Array.from({ length: times }, () => call(app.url(path))));
}

/** The increase of each series of errors, as in `job /orders/:status 503`. */
async function readIncreases(prometheus: Prometheus): Promise<Record<string, number>> {
  const found = await prometheus.storedSamples('http_requests_total{status_code=~"5.."}[10m]');
  return Object.fromEntries(
    found.map(({ metric: { job, path, status_code }, values }) => [
      `${job} ${path} ${status_code}`,
      exactIncrease(values),
    ]),
  );
}

/** Waits until each of these series of errors has increased by all of them. */
const waitForIncreases = (prometheus: Prometheus, names: readonly string[]) =>
  until(
    () => readIncreases(prometheus),
    (found) => names.every((name) => (found[name] ?? 0) >= ERRORS),
  );

const allOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, ERRORS]));

it('each of two Prometheus servers sees the first errors: of a known path, a new path, and a service just started', async (test) => {
  const start = async (name: string) => {
    const port = await freePort();
    const env = { ...ROUTES, OTEL_EXPORTER_PROMETHEUS_PORT: port, OTEL_SERVICE_NAME: `${name} ${port}` };
    return { name, port, app: await startApp(STATUSES, { env }) };
  };
  const [shop, young] = [await start('shop'), await start('young')];
  await send(young.app, '/orders/500');
  const services = [shop, young].map(({ name, port }) => ({ targets: [`localhost:${port}`], labels: { job: name } }));
  const program = take('prometheus', test);
  const pair = await Promise.all([
    runPrometheus(removeDelays(shippedPrometheus(program, { services }, '500ms'))),
    runPrometheus(shippedOptions(program, { services })),
  ]);
  await send(shop.app, '/orders/200', 1);
  for (const prometheus of pair) {
    await until(
      () => prometheus.query('http_requests_total{job="shop"}'),
      (found) => found.length === 1,
    );
  }
  // Of too few requests the alert says nothing.
  await send(shop.app, '/orders/200', 10 * ERRORS);
  for (const path of ['/orders/500', '/orders/503', '/new/504']) await send(shop.app, path);
  // A person sees what was counted, and takes nothing from the two.
  expect(requests(await shop.app.scrape())).toMatchObject({
    'GET /orders/:status 500': ERRORS,
    'GET /orders/:status 503': ERRORS,
    'GET /new/:status 504': ERRORS,
  });

  const names = [
    'young /orders/:status 500',
    'shop /orders/:status 500',
    'shop /orders/:status 503',
    'shop /new/:status 504',
  ];
  for (const prometheus of pair) expect(await waitForIncreases(prometheus, names)).toEqual(allOf(names));
  const [first] = pair;
  for (const { value } of await first.query('increase(http_requests_total{status_code=~"5.."}[5m])')) {
    expect(value).toBeGreaterThan(ERRORS * 0.9);
  }
  const [share] = await first.query(ERROR_SHARE);
  expect(share?.value).toBeGreaterThan(0.2);
  expect(share?.value).toBeLessThan(0.4);
  const alerts = await until(
    () => first.query('group by (job) (ALERTS{alertname="HttpErrorBudgetBurn", alertstate="firing"})'),
    (found) => found.length === 1,
  );
  expect(alerts.map(({ metric }) => metric.job)).toEqual(['shop']);
});

it('loses no first errors of merged processes when the scraped one is killed after it showed them as 0', async (test) => {
  const port = await freePort();
  const env = { ...ROUTES, OTEL_EXPORTER_PROMETHEUS_PORT: port, OTEL_SERVICE_NAME: `merged ${port}` };
  const leader = await startApp(STATUSES, { env });
  await leader.metricsUrl();
  const follower = await startApp(STATUSES, { env });
  await follower.waitForOutput(/served by process/);
  const services = [{ targets: [`localhost:${port}`], labels: { job: 'merged' } }];
  // Long enough to kill the process between two scrapes.
  const options = shippedPrometheus(take('prometheus', test), { services }, '2s');
  const prometheus = await runPrometheus({ ...options, files: { ...options.files, 'apm.rules.yml': 'groups: []\n' } });
  await send(follower, '/orders/200', 1);
  await until(
    () => prometheus.query('http_requests_total{job="merged"}'),
    (found) => found.length === 1,
  );
  await send(follower, '/orders/503');
  await until(
    () => prometheus.query('http_requests_total{status_code="503"}'),
    (found) => found.length === 1,
  );
  await leader.kill();
  const names = ['merged /orders/:status 503'];
  expect(await waitForIncreases(prometheus, names)).toEqual(allOf(names));
  // The other counters are repeated neither.
  const [others] = await prometheus.storedSamples('http_requests_total{status_code="200"}[10m]');
  expect(exactIncrease(others?.values ?? [])).toBe(0);
});

const pushEnv = (endpoint: string, interval = '1500') => ({
  ...ROUTES,
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: interval,
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
  OTEL_SERVICE_NAME: 'pushing',
});

/** Starts Prometheus, and a Collector where the way has one. @returns where to push to */
async function startWay(way: 'direct' | 'scraped Collector' | 'Collector', test: TestContext) {
  const program = take('prometheus', test);
  if (way === 'scraped Collector') {
    const collector = await runCollector({ program: take('collector', test) });
    const prometheus = await runPrometheus(shippedOptions(program, { collector: [{ targets: [collector.address] }] }));
    return { prometheus, endpoint: `${collector.url}/v1/metrics` };
  }
  const prometheus = await runPrometheus(shippedOptions(program, {}));
  const receiver = `${prometheus.url}/api/v1/otlp`;
  if (way === 'direct') return { prometheus, endpoint: `${receiver}/v1/metrics` };
  const env = { PROMETHEUS_OTLP_ENDPOINT: receiver };
  const collector = await runCollector({ program: take('collector', test), config: COLLECTOR_CONFIG_OTLP, env });
  return { prometheus, endpoint: `${collector.url}/v1/metrics` };
}

it.for(['direct', 'scraped Collector', 'Collector'] as const)(
  'Prometheus sees the first errors of pushes: %s',
  async (way, test) => {
    const { prometheus, endpoint } = await startWay(way, test);
    const app = await startApp(STATUSES, { env: pushEnv(endpoint) });
    await send(app, '/orders/200', 1);
    await until(
      () => prometheus.query('http_requests_total'),
      (found) => found.length === 1,
    );
    for (const path of ['/orders/500', '/new/502']) await send(app, path);
    const names = ['pushing /orders/:status 500', 'pushing /new/:status 502'];
    expect(await waitForIncreases(prometheus, names)).toEqual(allOf(names));
    expect((await prometheus.query(ERROR_SHARE))[0]?.value).toBeGreaterThan(0.9);
    if (way !== 'direct') return;

    // The push at the exit is the only one of this process.
    const short = await startApp(STATUSES, { env: { ...pushEnv(endpoint, '3600000'), OTEL_SERVICE_NAME: 'short' } });
    await short.waitForOutput(/metrics pushed/);
    await send(short, '/orders/503');
    await call(short.url('/exit'));
    await short.exit;
    expect(await waitForIncreases(prometheus, ['short /orders/:status 503'])).toEqual(
      allOf([...names, 'short /orders/:status 503']),
    );
  },
);
