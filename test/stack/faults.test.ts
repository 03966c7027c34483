import { expect, it, type TestContext } from 'vitest';
import { COLLECTOR_CONFIG_OTLP, type Collector } from '../../stack/collector.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { startReceiver } from '../support/receiver.ts';
import { exactIncrease } from './support/exact-increase.ts';
import { type Load, startLoad } from './support/load.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { shippedOptions } from './support/shipped-options.ts';
import { startTee } from './support/tee.ts';

const take = needPrograms('prometheus', 'collector');
const PLAIN = 'test/apps/plain/app.mjs';
/** Far shorter than the default of 15 s, so that the test does not wait for long. */
const PUSH_INTERVAL_MS = 500;
/** `startLoad` sends them in two seconds, the time of four pushes. */
const MANY_REQUESTS = 80;

const pushEnv = (endpoint: string, instance: string) => ({
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: String(PUSH_INTERVAL_MS),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
});

/** The requests that Prometheus has. */
async function queryTotal(prometheus: Prometheus): Promise<number> {
  return (await prometheus.query('sum(http_requests_total{job="plain"})'))[0]?.value ?? 0;
}

const waitForTotal = (prometheus: Prometheus, requests: number) =>
  until(
    () => queryTotal(prometheus),
    (found) => found === requests,
  );

const waitUntilSent = (load: Load, requests: number) =>
  until(
    () => load.sent,
    (sent) => sent >= requests,
  );

/** Short pauses between tries. The default pauses would take most of the test's time. */
const SHORT_RETRIES = {
  exporters: { otlp_http: { retry_on_failure: { initial_interval: '200ms', max_interval: '500ms' } } },
};

/** Starts a Collector with one of its two ways of export, and the Prometheus that gets its metrics. */
async function startWay(number: 1 | 2, test: TestContext): Promise<{ collector: Collector; prometheus: Prometheus }> {
  const programs = { prometheus: take('prometheus', test), collector: take('collector', test) };
  if (number === 1) {
    const collector = await runCollector({ program: programs.collector });
    const targets = { collector: [{ targets: [collector.address] }] };
    return { collector, prometheus: await runPrometheus(shippedOptions(programs.prometheus, targets)) };
  }
  const prometheus = await runPrometheus(shippedOptions(programs.prometheus, {}));
  const env = { PROMETHEUS_OTLP_ENDPOINT: `${prometheus.url}/api/v1/otlp` };
  const config = COLLECTOR_CONFIG_OTLP;
  return {
    collector: await runCollector({ program: programs.collector, config, env, overlay: SHORT_RETRIES }),
    prometheus,
  };
}

it.for([1, 2] as const)(
  'loses no request while the Collector is down, and does not disturb the app: way %i',
  async (number, test) => {
    const { collector, prometheus } = await startWay(number, test);
    const app = await startApp(PLAIN, { env: pushEnv(collector.url, 'one') });
    const load = startLoad(app);
    await until(
      () => queryTotal(prometheus),
      (found) => found > 0,
    );
    await collector.kill();
    await app.waitForOutput(/failed to push/);
    await waitUntilSent(load, load.sent + MANY_REQUESTS);
    await collector.restart();
    await app.waitForOutput(/again$/m);
    await load.stop();
    await waitForTotal(prometheus, load.sent);

    expect(load.failed).toEqual([]);
    // Far below the timeout of a push.
    expect(load.slowestMs).toBeLessThan(2000);
    // Totals are pushed, so the next push contains the missed requests, and no counter is reset.
    expect((await prometheus.query('sum(resets(http_requests_total{job="plain"}[5m]))'))[0]?.value).toBe(0);
    const url = `${collector.url}/v1/metrics`;
    expect(app.stderr.split('\n')).toEqual([
      `[@org/apm] metrics pushed to ${url} every 0.5 s`,
      expect.stringMatching(`^\\[@org/apm\\] failed to push metrics to ${url}: .*; retrying at each interval$`),
      `[@org/apm] pushes to ${url} succeed again`,
      '',
    ]);
  },
);

it('delivers every push that the Collector accepted while Prometheus was down, although the Collector crashed', async (test) => {
  const { collector, prometheus } = await startWay(2, test);
  const receiver = await startReceiver();
  // The receiver has exactly the pushes that the Collector accepted.
  const tee = await startTee([`${collector.url}/v1/metrics`, `${receiver.url}/v1/metrics`]);
  const app = await startApp(PLAIN, { env: pushEnv(new URL(tee.url).origin, 'one') });
  const load = startLoad(app);
  await until(
    () => queryTotal(prometheus),
    (found) => found > 0,
  );
  await prometheus.kill();
  const down = Date.now();
  const waitForPushes = async (pushes: number) => {
    const { length } = receiver.pushes;
    await until(
      () => receiver.pushes.length,
      (now) => now >= length + pushes,
    );
  };
  await waitForPushes(4);
  await collector.kill();
  await until(
    () => tee.refused,
    (pushes) => pushes > 0,
  );
  await collector.restart();
  await waitForPushes(4);
  const up = Date.now();
  await prometheus.restart();
  await load.stop();
  await waitForTotal(prometheus, load.sent);
  expect(load.failed).toEqual([]);

  const points = receiver.pushes.flatMap(({ metrics }) => metrics.http_requests_total?.points ?? []);
  const sent = points.map(({ time, value }) => [Math.floor(time / 1e6) / 1000, value] as const);
  const [series, ...others] = await prometheus.storedSamples('http_requests_total{job="plain"}[10m]');
  expect(others).toEqual([]);
  const stored = new Map(series?.values);
  expect(sent.filter(([time]) => time * 1000 > down && time * 1000 < up).length).toBeGreaterThanOrEqual(7);
  expect(sent.filter(([time, value]) => stored.get(time) !== value)).toEqual([]);
});

it('Prometheus counts all requests before and after a restart of an app that it scrapes', async (test) => {
  const port = await freePort();
  const services = [{ targets: [`127.0.0.1:${port}`], labels: { job: 'plain' } }];
  const prometheus = await runPrometheus(shippedOptions(take('prometheus', test), { services }));
  const sent: number[] = [];
  for (let i = 0; i < 2; i++) {
    const app = await startApp(PLAIN, { env: { OTEL_EXPORTER_PROMETHEUS_PORT: port } });
    const load = startLoad(app);
    await waitUntilSent(load, MANY_REQUESTS);
    await load.stop();
    await waitForTotal(prometheus, load.sent);
    sent.push(load.sent);
    await app.kill();
  }
  const [first = 0, second = 0] = sent;
  const [series] = await prometheus.storedSamples('http_requests_total{job="plain"}[10m]');
  const values = series?.values ?? [];
  expect(Math.max(...values.map(([, value]) => value))).toBe(Math.max(first, second));
  const truth = first - (values[0]?.[1] ?? 0) + second;
  expect(exactIncrease(values)).toBe(truth);
  const increase = await prometheus.query('increase(http_requests_total{job="plain"}[10m])', values.at(-1)?.[0]);
  // `increase` extrapolates by up to half an interval at both ends.
  expect((increase[0]?.value ?? 0) / truth).toBeGreaterThan(0.99);
  expect((increase[0]?.value ?? 0) / truth).toBeLessThan(1 + 2 / values.length);
});

it.for([1, 2] as const)(
  'Prometheus counts all requests before and after a restart of an app that pushes, per process: way %i',
  async (number, test) => {
    const { collector, prometheus } = await startWay(number, test);
    const sent: Record<string, number> = {};
    let all = 0;
    for (const instance of ['one', 'two']) {
      const app = await startApp(PLAIN, { env: pushEnv(collector.url, instance) });
      const load = startLoad(app);
      await waitUntilSent(load, MANY_REQUESTS / 4);
      await load.stop();
      sent[instance] = load.sent;
      all += load.sent;
      await waitForTotal(prometheus, all);
      await app.kill();
    }
    const found = await prometheus.query('sum by (instance) (http_requests_total{job="plain"})');
    // Each process appends something of its own.
    const given = (instance = '') => instance.replace(/-[\da-f]{8}$/, '');
    expect(Object.fromEntries(found.map(({ metric, value }) => [given(metric.instance), value]))).toEqual(sent);
  },
);
