import { expect, it } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { until } from '../support/exposition.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { shippedOptions } from './support/shipped-options.ts';

const take = needPrograms('prometheus', 'collector');

const startPushing = (file: string, service: string, endpoint: string): Promise<App> =>
  startApp(file, {
    env: {
      OTEL_SERVICE_NAME: service,
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: endpoint,
      // One environment for all, as in the template of a pod.
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=pod-1,k8s.pod.name=pod-1',
    },
  });

async function send(app: App, times: number): Promise<void> {
  for (let i = 0; i < times; i++) await call(app.url('/users/1'));
}

it.for(['Prometheus', 'Collector'] as const)(
  'adds up processes that push with one service.instance.id from the environment, without a reset: to %s',
  async (to, test) => {
    const program = take('prometheus', test);
    const collector = to === 'Collector' ? await runCollector({ program: take('collector', test) }) : undefined;
    const targets = collector === undefined ? {} : { collector: [{ targets: [collector.address] }] };
    const prometheus = await runPrometheus(shippedOptions(program, targets));
    const endpoint =
      collector === undefined ? `${prometheus.url}/api/v1/otlp/v1/metrics` : `${collector.url}/v1/metrics`;
    const twins = [
      await startPushing('test/apps/plain/app.mjs', 'twins', endpoint),
      await startPushing('test/apps/plain/app.mjs', 'twins', endpoint),
    ];
    const cluster = await startPushing('test/apps/processes/cluster-one-port.mjs', 'cluster', endpoint);
    for (const [i, app] of twins.entries()) await send(app, 20 + 15 * i);
    await send(cluster, 40);
    await until(
      () => prometheus.query('sum by (job) (http_requests_total)'),
      (found) =>
        found
          .map(({ value }) => value)
          .sort()
          .join() === '40,55',
    );
    // Alternating totals of two processes would be a reset at every other sample.
    await send(twins[0] as App, 10);
    const sums = await until(
      () => prometheus.query('sum by (job) (http_requests_total)'),
      (found) =>
        found
          .map(({ value }) => value)
          .sort()
          .join() === '40,65',
    );
    expect(sums.length).toBe(2);
    expect((await prometheus.query('sum(resets(http_requests_total[10m]))'))[0]?.value).toBe(0);
    const instances = await prometheus.query('count by (job, k8s_pod_name) (target_info{job=~"twins|cluster"})');
    expect(instances.map(({ metric, value }) => [metric, value])).toEqual(
      expect.arrayContaining([[{ job: 'twins', k8s_pod_name: 'pod-1' }, 2]]),
    );
    const ids = (await prometheus.query('target_info{job="twins"}')).map(({ metric }) => metric.instance);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^pod-1-[\da-f]{8}$/);
  },
);
