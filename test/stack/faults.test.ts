import { expect, it, type TestContext } from 'vitest';
import { COLLECTOR_CONFIG_OTLP, type Collector } from '../../stack/collector.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { startReceiver } from '../support/receiver.ts';
import { type Load, startLoad } from './support/load.ts';
import { needs } from './support/needs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { shipped } from './support/shipped.ts';
import { startTee } from './support/tee.ts';

const take = needs('prometheus', 'collector');
const PLAIN = 'test/apps/plain/app.mjs';
/** Milliseconds between two pushes: a 120th of what it is by default. */
const PUSH_INTERVAL_MS = 500;
/** What `startLoad` sends in two seconds, which is to a push as a few minutes are by default. */
const MANY_REQUESTS = 80;

const pushing = (endpoint: string, instance: string) => ({
  OTEL_METRICS_EXPORTER: 'otlp',
  OTEL_METRIC_EXPORT_INTERVAL: String(PUSH_INTERVAL_MS),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
});

/** Requests that a Prometheus knows of. */
async function total(prometheus: Prometheus): Promise<number> {
  return (await prometheus.query('sum(http_requests_total{job="plain"})'))[0]?.value ?? 0;
}

const knows = (prometheus: Prometheus, requests: number) =>
  until(
    () => total(prometheus),
    (found) => found === requests,
  );

const hasSent = (load: Load, requests: number) =>
  until(
    () => load.sent,
    (sent) => sent >= requests,
  );

/** Without the pauses between its tries, which would be most of a test's time. */
const EAGER = { exporters: { otlp_http: { retry_on_failure: { initial_interval: '200ms', max_interval: '500ms' } } } };

/** The two ways out of a Collector, each with the Prometheus at its end. */
async function way(number: 1 | 2, test: TestContext): Promise<{ collector: Collector; prometheus: Prometheus }> {
  const programs = { prometheus: take('prometheus', test), collector: take('collector', test) };
  if (number === 1) {
    const collector = await runCollector({ program: programs.collector });
    const targets = { collector: [{ targets: [collector.address] }] };
    return { collector, prometheus: await runPrometheus(shipped(programs.prometheus, targets)) };
  }
  const prometheus = await runPrometheus(shipped(programs.prometheus, {}));
  const env = { PROMETHEUS_OTLP_ENDPOINT: `${prometheus.url}/api/v1/otlp` };
  const config = COLLECTOR_CONFIG_OTLP;
  return { collector: await runCollector({ program: programs.collector, config, env, overlay: EAGER }), prometheus };
}

it.for([1, 2] as const)(
  'loses no request while the Collector is gone for a minute, and leaves the app alone: way %i',
  async (number, test) => {
    const { collector, prometheus } = await way(number, test);
    const app = await startApp(PLAIN, { env: pushing(collector.url, 'one') });
    const load = startLoad(app);
    await until(
      () => total(prometheus),
      (found) => found > 0,
    );
    await collector.kill();
    await app.waitForOutput(/failed to push/);
    await hasSent(load, load.sent + MANY_REQUESTS);
    await collector.restart();
    await app.waitForOutput(/again$/m);
    await load.stop();
    await knows(prometheus, load.sent);

    expect(load.failed).toEqual([]);
    // Far below what a push may take.
    expect(load.slowest).toBeLessThan(2000);
    // Totals are pushed, so what was missed is in the next one: nothing begins at zero again.
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

it('delivers every push the Collector took while Prometheus was down, though the Collector crashed meanwhile', async (test) => {
  const { collector, prometheus } = await way(2, test);
  const receiver = await startReceiver();
  // What the receiver has, the Collector took.
  const tee = await startTee([`${collector.url}/v1/metrics`, `${receiver.url}/v1/metrics`]);
  const app = await startApp(PLAIN, { env: pushing(new URL(tee.url).origin, 'one') });
  const load = startLoad(app);
  await until(
    () => total(prometheus),
    (found) => found > 0,
  );
  await prometheus.kill();
  const down = Date.now();
  const taken = async (pushes: number) => {
    const { length } = receiver.pushes;
    await until(
      () => receiver.pushes.length,
      (now) => now >= length + pushes,
    );
  };
  await taken(4);
  await collector.kill();
  await until(
    () => tee.refused,
    (pushes) => pushes > 0,
  );
  await collector.restart();
  await taken(4);
  const up = Date.now();
  await prometheus.restart();
  await load.stop();
  await knows(prometheus, load.sent);
  expect(load.failed).toEqual([]);

  const points = receiver.pushes.flatMap(({ metrics }) => metrics.http_requests_total?.points ?? []);
  const sent = points.map(({ time, value }) => [Math.floor(time / 1e6) / 1000, value] as const);
  const [series, ...others] = await prometheus.storedSamples('http_requests_total{job="plain"}[10m]');
  expect(others).toEqual([]);
  const stored = new Map(series?.values);
  expect(sent.filter(([time]) => time * 1000 > down && time * 1000 < up).length).toBeGreaterThanOrEqual(7);
  expect(sent.filter(([time, value]) => stored.get(time) !== value)).toEqual([]);
});

/** The requests counted between the samples of a series, a new beginning at zero taken into account: what `increase` estimates. */
function counted(values: [number, number][]): number {
  return values.slice(1).reduce((sum, [, value], i) => {
    const before = values[i]?.[1] ?? 0;
    return sum + (value < before ? value : value - before);
  }, 0);
}

it('knows of all requests before and after a restart of an app that is scraped', async (test) => {
  const port = await freePort();
  const services = [{ targets: [`127.0.0.1:${port}`], labels: { job: 'plain' } }];
  const prometheus = await runPrometheus(shipped(take('prometheus', test), { services }));
  const sent: number[] = [];
  for (let i = 0; i < 2; i++) {
    const app = await startApp(PLAIN, { env: { OTEL_EXPORTER_PROMETHEUS_PORT: port } });
    const load = startLoad(app);
    await hasSent(load, MANY_REQUESTS);
    await load.stop();
    await knows(prometheus, load.sent);
    sent.push(load.sent);
    await app.kill();
  }
  const [first = 0, second = 0] = sent;
  const [series] = await prometheus.storedSamples('http_requests_total{job="plain"}[10m]');
  const values = series?.values ?? [];
  expect(Math.max(...values.map(([, value]) => value))).toBe(Math.max(first, second));
  const truth = first - (values[0]?.[1] ?? 0) + second;
  expect(counted(values)).toBe(truth);
  const increase = await prometheus.query('increase(http_requests_total{job="plain"}[10m])', values.at(-1)?.[0]);
  // It goes half an interval beyond the samples at both ends.
  expect((increase[0]?.value ?? 0) / truth).toBeGreaterThan(0.99);
  expect((increase[0]?.value ?? 0) / truth).toBeLessThan(1 + 2 / values.length);
});

it.for([1, 2] as const)(
  'knows of all requests before and after a restart of an app that pushes, each process by itself: way %i',
  async (number, test) => {
    const { collector, prometheus } = await way(number, test);
    const sent: Record<string, number> = {};
    let all = 0;
    for (const instance of ['one', 'two']) {
      const app = await startApp(PLAIN, { env: pushing(collector.url, instance) });
      const load = startLoad(app);
      await hasSent(load, MANY_REQUESTS / 4);
      await load.stop();
      sent[instance] = load.sent;
      all += load.sent;
      await knows(prometheus, all);
      await app.kill();
    }
    const found = await prometheus.query('sum by (instance) (http_requests_total{job="plain"})');
    expect(Object.fromEntries(found.map(({ metric, value }) => [metric.instance, value]))).toEqual(sent);
  },
);
