import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { apm } from '../cli/run.ts';
import { Service } from '../processes/group.ts';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { startReceiver } from '../support/receiver.ts';
import { get } from './get.ts';

const INSTRUMENTS = 'test/apps/plain/instruments/app.mjs';
const PREFIX = { APM_METRIC_PREFIX: 'shop_' };

/** The names of the metrics in a scrape. */
const namesIn = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);

describe.each([
  ['apm', ['shop_http_requests_total', 'shop_http_duration', 'shop_http_active_requests']],
  [
    'semconv',
    ['shop_http_server_requests_total', 'shop_http_server_request_duration', 'shop_http_server_active_requests'],
  ],
])('with APM_METRIC_NAMES=%s, the prefix', (names, ours) => {
  it("is before the name of each metric of this package, and of no metric of the app's own", async () => {
    const app = await startApp(INSTRUMENTS, { env: { ...PREFIX, APM_METRIC_NAMES: names } });
    await get(app.url());
    const found = namesIn(await app.scrape());
    expect(found.map((name) => name?.replace('_seconds', ''))).toEqual([
      'target_info',
      ...ours,
      'orders_total',
      'order_size',
      'stock',
    ]);
  });
});

it('is before the same names in a push', async () => {
  const receiver = await startReceiver();
  const app = await startApp(INSTRUMENTS, {
    env: {
      ...PREFIX,
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    },
  });
  await get(app.url());
  const names = await until(
    () => Object.keys(receiver.last?.metrics ?? {}).sort(),
    (found) => found.includes('shop_http_requests_total'),
  );
  expect(names).toEqual([
    'order.size',
    'orders',
    'orders of shop 1.0',
    'orders of shop 2.0',
    'shop_http_active_requests',
    'shop_http_duration',
    'shop_http_requests_total',
    'stock',
  ]);
});

it('is before the metrics of merged processes and of outgoing calls, and does not merge a process without it', async () => {
  const service = await Service.create();
  const [first] = [
    await service.start('one-server.mjs', { env: PREFIX }),
    await service.start('one-server.mjs', { env: PREFIX }),
  ];
  await get(first.url('/'));
  const text = await until(
    () => service.scrape(),
    (scrape) => scrape.includes('shop_apm_processes 2'),
  );
  expect(namesIn(text)).toEqual([
    'target_info',
    'shop_http_requests_total',
    'shop_http_duration',
    'shop_http_active_requests',
    'shop_apm_processes',
    'shop_apm_processes_late_total',
  ]);
  const other = await service.start('one-server.mjs');
  expect(await other.metricsUrl()).not.toContain(`:${service.port}/`);
});

it('is taken by apm snapshot, compare and report, from the option or the variable', async () => {
  const app = await startApp('test/apps/plain/app.mjs', { env: PREFIX });
  await get(app.url('/users/1'));
  const out = join(mkdtempSync(join(tmpdir(), 'apm-prefix-')), 'week');
  const snapshot = apm(['snapshot', await app.metricsUrl(), '--out', out, '--every', '500ms', '--for', '1s']);
  let isSaving = true;
  const saved = snapshot.finally(() => {
    isSaving = false;
  });
  while (isSaving) await get(app.url('/users/1'));
  expect((await saved).code).toBe(0);

  const report = ['report', out, '--format', 'json'];
  const missing = await apm(report);
  expect([missing.code, missing.stderr]).toEqual([
    2,
    'apm report: week has no request, neither in http_requests_total nor in http_duration; record a service with the preload, under load; if it has APM_METRIC_PREFIX, give that as --prefix\n',
  ]);
  const [byOption, byVariable] = [await apm([...report, '--prefix', 'shop_']), await apm(report, PREFIX)];
  expect(byOption.code).toBe(0);
  expect(byVariable).toEqual(byOption);
  expect(byOption.stdout).toContain('GET /users/:id');

  const [first = '', second = '', third = ''] = readdirSync(out)
    .sort()
    .map((name) => join(out, name));
  const compared = await apm(['compare', first, second, second, third, '--prefix', 'shop_', '--fail-on', 'never']);
  expect(compared.stderr).toBe('');
  expect(compared.stdout).toContain('GET /users/:id');
  expect(await apm(['compare', first, third, '--prefix', '1'])).toMatchObject({
    code: 2,
    stderr:
      'apm compare: --prefix: expected letters, digits and _, such as shop_; no digit first; got "1"; see apm compare --help\n',
  });
});
