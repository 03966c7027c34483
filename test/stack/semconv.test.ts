import { expect, it } from 'vitest';
import type { Prometheus } from '../../stack/prometheus.ts';
import { startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { until } from '../support/exposition.ts';
import { needPrograms } from './support/needed-programs.ts';
import { runCollector, runPrometheus } from './support/run.ts';
import { startTee } from './support/tee.ts';

const take = needPrograms('prometheus', 'collector');

/** As most people configure it: nothing but what is needed, so names get their suffixes. */
const startDefault = (program: ReturnType<typeof take>, targets: string[]): Promise<Prometheus> =>
  runPrometheus({
    program,
    config: {
      global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
      scrape_configs: [{ job_name: 'all', honor_labels: true, static_configs: [{ targets }] }],
    },
    flags: ['--web.enable-otlp-receiver'],
  });

it('has the names that dashboards for the semantic conventions ask for, on every way into a Prometheus with its defaults', async (test) => {
  const program = take('prometheus', test);
  const overlay = { exporters: { prometheus: { translation_strategy: 'UnderscoreEscapingWithSuffixes' } } };
  const collector = await runCollector({ program: take('collector', test), overlay });
  const [straight, collected] = [await startDefault(program, []), await startDefault(program, [collector.address])];
  const tee = await startTee([`${straight.url}/api/v1/otlp/v1/metrics`, `${collector.url}/v1/metrics`]);
  const app = await startApp('test/apps/outgoing/app.mjs', {
    env: {
      APM_METRIC_NAMES: 'semconv',
      OTEL_METRICS_EXPORTER: 'prometheus,otlp',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: tee.url,
      OTEL_METRIC_EXPORT_INTERVAL: '500',
    },
  });
  const [, metrics = ''] = await app.waitForOutput(/metrics at (\S+) .*;/);
  const direct = await startDefault(program, [new URL(metrics).host]);
  await call(app.url(`/call?how=http.get&url=${encodeURIComponent(app.url('/call?how=none'))}`));
  for (const prometheus of [direct, straight, collected]) {
    const found = await until(
      () => prometheus.query('group by (__name__) ({__name__=~"http_.*"})'),
      (names) => names.length >= 8,
    );
    expect(found.map(({ metric }) => metric.__name__).sort()).toEqual([
      'http_client_request_duration_seconds_bucket',
      'http_client_request_duration_seconds_count',
      'http_client_request_duration_seconds_sum',
      'http_server_active_requests',
      'http_server_request_duration_seconds_bucket',
      'http_server_request_duration_seconds_count',
      'http_server_request_duration_seconds_sum',
      'http_server_requests_total',
    ]);
    const required = await prometheus.query(
      'group by (http_route, http_request_method, http_response_status_code, url_scheme) (http_server_request_duration_seconds_count)',
    );
    expect(required.map(({ metric }) => metric)).toEqual([
      { http_route: '/call', http_request_method: 'GET', http_response_status_code: '200', url_scheme: 'http' },
    ]);
  }
});
