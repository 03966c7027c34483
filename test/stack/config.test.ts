import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect, it, onTestFinished } from 'vitest';
import { COLLECTOR_CONFIG, COLLECTOR_CONFIG_OTLP } from '../../stack/collector.ts';
import { run } from '../../stack/run.ts';
import { call } from '../support/call.ts';
import { until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { shippedOptions } from './support/shipped-options.ts';

const take = needPrograms('prometheus', 'promtool', 'collector');

async function createFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'apm-config-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** The Collector's error for a configuration; empty if it is valid. */
async function validationError(path: string, config: string): Promise<string> {
  const file = join(await createFolder(), 'config.yaml');
  await writeFile(file, config);
  return await run(path, ['validate', `--config=${file}`]).then(
    () => '',
    (error: Error) => error.message,
  );
}

it('collector-config.yaml changes to way 2 by two lines', () => {
  const lines = COLLECTOR_CONFIG_OTLP.split('\n');
  const changed = COLLECTOR_CONFIG.split('\n').flatMap((line, i) => (line === lines[i] ? [] : [lines[i]]));
  expect(changed).toEqual(['  extensions: [health_check, file_storage]', '      exporters: [otlp_http]']);
});

it.for([
  ['way 1', COLLECTOR_CONFIG],
  ['way 2', COLLECTOR_CONFIG_OTLP],
] as const)('collector-config.yaml is valid for the Collector: %s', async ([, config], test) => {
  expect(await validationError(take('collector', test).path, config)).toBe('');
});

it.for([
  'max_recv_msg_size_mib',
  'max_connection_age',
  'max_request_body_size',
  'read_header_timeout',
  'spike_limit_mib',
  'translation_strategy',
  'without_scope_info',
  'compression',
  'num_consumers',
  'max_elapsed_time',
  'on_rebound',
  'readers',
])('the Collector checks each key of collector-config.yaml: it refuses a mistyped %s', async (key, test) => {
  const mistyped = COLLECTOR_CONFIG_OTLP.replace(new RegExp(`^( *)${key}:`, 'm'), `$1${key}x:`);
  expect(mistyped).not.toBe(COLLECTOR_CONFIG_OTLP);
  expect(await validationError(take('collector', test).path, mistyped)).toContain(`${key}x`);
});

it('the Collector listens only on the loopback address by default', async (test) => {
  const collector = await runCollector({ program: take('collector', test), env: { COLLECTOR_HOST: undefined } });
  const canConnect = (host: string, port: number) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, host, () => resolve(true)).on('error', () => resolve(false));
      onTestFinished(() => void socket.destroy());
    });
  for (const [name, port] of Object.entries(collector.ports)) {
    expect([name, await canConnect('localhost', port)]).toEqual([name, true]);
    // A server that listens on all addresses would also listen on this one.
    expect([name, await canConnect('127.0.0.2', port)]).toEqual([name, false]);
  }
});

it('the Collector accepts a push of 10 MiB, and refuses one of 21 MiB', async (test) => {
  const collector = await runCollector({ program: take('collector', test) });
  const pushByGrpc = async (bytes: number) => {
    const exporter = new OTLPMetricExporter({ url: `http://127.0.0.1:${collector.ports.grpc}` });
    const resource = resourceFromAttributes({ large: 'x'.repeat(bytes) });
    const { error } = await new Promise<{ error?: Error }>((done) =>
      exporter.export({ resource, scopeMetrics: [] }, done),
    );
    await exporter.shutdown();
    return error?.message ?? 'taken';
  };
  expect(await pushByGrpc(10 << 20)).toBe('taken');
  expect(await pushByGrpc(21 << 20)).toMatch(/RESOURCE_EXHAUSTED/);
  const pushByHttp = (bytes: number) => {
    const headers = { 'Content-Type': 'application/json' };
    const attributes = [{ key: 'large', value: { stringValue: 'x'.repeat(bytes) } }];
    const body = JSON.stringify({ resourceMetrics: [{ resource: { attributes } }] });
    return call(`${collector.url}/v1/metrics`, { method: 'POST', headers }, body);
  };
  expect((await pushByHttp(10 << 20)).status).toBe(200);
  expect((await pushByHttp(21 << 20)).body).toContain('request body too large');
});

it('the Collector refuses pushes when its queue of way 2 is full, and Prometheus has the size of the queue', async (test) => {
  const unreachable = 'http://127.0.0.1:9/api/v1/otlp';
  const collector = await runCollector({
    program: take('collector', test),
    config: COLLECTOR_CONFIG_OTLP,
    env: { PROMETHEUS_OTLP_ENDPOINT: unreachable },
    overlay: { exporters: { otlp_http: { sending_queue: { queue_size: 1000 } } } },
  });
  const otelcol = [{ targets: [collector.ownMetricsAddress] }];
  const prometheus = await runPrometheus(shippedOptions(take('prometheus', test), { otelcol }));
  const push = async () => {
    const metric = { name: 'x'.repeat(200), gauge: { dataPoints: [{ asInt: 1, timeUnixNano: 1 }] } };
    const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] });
    const headers = { 'Content-Type': 'application/json' };
    return (await call(`${collector.url}/v1/metrics`, { method: 'POST', headers }, body)).status;
  };
  const statuses = [];
  for (let i = 0; i < 8; i++) statuses.push(await push());
  expect(statuses.indexOf(503)).toBeGreaterThan(1);
  expect(statuses.at(-1)).toBe(503);
  const [full] = await until(
    () => prometheus.query('otelcol_exporter_queue_size / otelcol_exporter_queue_capacity'),
    ([ratio]) => (ratio?.value ?? 0) > 0.7,
  );
  expect(full?.metric).toMatchObject({ job: 'otelcol', exporter: 'otlp_http', instance: collector.ownMetricsAddress });
  const [refused] = await prometheus.query('otelcol_exporter_enqueue_failed_metric_points');
  expect(refused?.value).toBe(statuses.filter((status) => status === 503).length);
});

it('promtool finds no problem in the configuration of Prometheus and in its rules', async (test) => {
  const { path } = take('promtool', test);
  const config = join(root, 'prometheus/prometheus.yml');
  const { stdout } = await run(path, ['check', 'config', '--lint=all', '--lint-fatal', config]);
  expect(stdout).toContain('is valid prometheus config file syntax');
  expect(stdout).toMatch(/apm\.rules\.yml\n +SUCCESS: \d\d rules found/);
});
