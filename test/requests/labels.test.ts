import { describe, expect, it } from 'vitest';
import { ask as askGroup, Service } from '../processes/group.ts';
import { type App, startApp } from '../support/app.ts';
import { labels, samples, until } from '../support/exposition.ts';
import { startReceiver } from '../support/receiver.ts';

const scrape = async (url: string) => (await fetch(url)).text();

/** Number of requests by the values of these labels; `-` where there is no such label. */
function byLabels(text: string, metric: string, names: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (!sample.startsWith(`${metric}{`)) continue;
    const key = names.map((name) => labels(sample)[name] ?? '-').join(' ');
    found[key] = (found[key] ?? 0) + value;
  }
  return found;
}

async function send(app: App, path: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(app.url(path), { headers });
  await response.text();
  return response.status;
}

describe('labels of APM_LABELS', () => {
  it('are on the counter and the histogram of requests, and on no other metric', async () => {
    const app = await startApp('test/apps/plain/app.mjs', {
      env: { APM_LABELS: 'tenant=header:X-Tenant,region=env:REGION,cell=value:c1,path=header:x', REGION: 'eu' },
    });
    await send(app, '/', { 'x-tenant': 'ann' });
    await send(app, '/', { 'x-tenant': 'bob' });
    await send(app, '/');
    const url = await app.metricsUrl();
    const text = await until(
      () => scrape(url),
      (found) => Object.keys(byLabels(found, 'http_requests_total', ['tenant'])).length === 3,
    );
    const all = ['tenant', 'region', 'cell'];
    expect(byLabels(text, 'http_requests_total', all)).toEqual({ 'ann eu c1': 1, 'bob eu c1': 1, '- eu c1': 1 });
    expect(byLabels(text, 'http_duration_count', all)).toEqual({ 'ann eu c1': 1, 'bob eu c1': 1, '- eu c1': 1 });
    expect(byLabels(text, 'http_active_requests', all)).toEqual({ '- - -': 0 });
    expect(text).toContain(
      'http_requests_total{path="/",method="GET",status_code="200",tenant="ann",region="eu",cell="c1"} 1\n',
    );
    expect(app.stderr).toContain('APM_LABELS: ignored the entry "path=header:x"');
  });

  it('have at most 50 values each, also of many processes together', async () => {
    const service = await Service.create();
    const env = { APM_LABELS: 'tenant=header:x-tenant' };
    const first = await service.start('one-server.mjs', { env });
    await first.waitForOutput(/metrics at/);
    const second = await service.start('one-server.mjs', { env });
    await second.waitForOutput(/metrics at/);
    for (let i = 0; i < 60; i++) await send(first, '/', { 'x-tenant': `a${i}` });
    for (let i = 0; i < 20; i++) await send(second, '/', { 'x-tenant': `b${i}` });
    const counts = await until(
      async () => byLabels(await service.merged(2), 'http_requests_total', ['tenant']),
      (found) => Object.values(found).reduce((sum, each) => sum + each, 0) === 80,
    );
    expect(Object.keys(counts).length).toBe(51);
    expect(counts.other).toBe(30);
    await askGroup(first.port, 1);
  });

  it('keep two processes apart whose labels differ', async () => {
    const service = await Service.create();
    const first = await service.start('one-server.mjs', { env: { APM_LABELS: 'tenant=header:x-tenant' } });
    await first.waitForOutput(/metrics at/);
    const second = await service.start('one-server.mjs');
    await second.waitForOutput(/metrics at/);
    await until(
      () => first.stderr,
      (text) => text.includes('its settings differ (APM_BUCKETS, APM_METRIC_NAMES, APM_METRIC_PREFIX, APM_LABELS'),
    );
  });
});

describe('labels of functions', () => {
  it('are in a push, and in the last one of a process that exits', async () => {
    const receiver = await startReceiver();
    const env = {
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRIC_EXPORT_INTERVAL: '60000',
    };
    const app = await startApp('test/apps/labels/functions.mjs', { flags: [], env });
    await app.waitForOutput(/metrics pushed/);
    await send(app, '/orders/1', { 'x-tenant': 'ann' });
    await send(app, '/end', { 'x-tenant': 'bob' });
    expect(await app.exit).toEqual({ code: 0, signal: null });
    const pushed = receiver.last?.metrics.http_requests_total?.points ?? [];
    expect(pushed.map((point) => [point.labels.path, point.labels.tenant, point.value])).toEqual([
      ['/orders/:id', 'ann', 1],
      ['/end', 'bob', 1],
    ]);
  });

  it('read what middleware has set on the request, and never hurt the app', async () => {
    const app = await startApp('test/apps/labels/functions.mjs', { flags: [], env: { REGION: 'eu' } });
    expect(await send(app, '/orders/1', { 'x-tenant': 'ann' })).toBe(200);
    for (const bad of [
      'throws',
      'throwsNothing',
      'rejects',
      'object',
      'hostile',
      'huge',
      'control',
      'number',
      'empty',
    ]) {
      expect(await send(app, '/orders/1', { 'x-bad': bad })).toBe(200);
    }
    const text = await until(
      () => scrape(app.url('/metrics')),
      (found) => Object.values(byLabels(found, 'http_requests_total', [])).at(0) === 10,
    );
    expect(byLabels(text, 'http_requests_total', ['path', 'tenant', 'region'])).toEqual({
      '/orders/:id ann eu': 1,
      '/orders/:id - eu': 9,
    });
    const bad = byLabels(text, 'http_requests_total', ['bad']);
    expect(bad).toEqual({ '-': 7, [`${'x'.repeat(128)}`]: 1, 'a\ufffdb\ufffdc"d\\\ufffd': 1, 42: 1 });
    const lines = app.stderr.split('\n').filter((line) => line.includes('setupApm({ labels })'));
    expect(lines).toEqual([
      '[@org/apm] setupApm({ labels }): expected a label name that neither Prometheus nor these metrics use, given "path"; it is left out',
      '[@org/apm] setupApm({ labels }): the function of bad threw Error: no tenant; such requests do not have this label',
    ]);
  });
});
