import { expect, it } from 'vitest';
import { startApp } from '../../support/app.ts';
import { requests } from '../../support/exposition.ts';
import { freePort, get, maskDurations } from '../get.ts';

it('answers scrapes on the port of the app, and passes every other path to the app', async () => {
  const port = await freePort();
  const app = await startApp('test/apps/plain/app.mjs', {
    env: {
      APM_METRICS_ON_APP: '/metrics',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=one',
      APM_BUCKETS: '30',
    },
  });
  await get(app.url('/users/1'));
  for (const path of ['/Metrics', '/metrics/all', '/a/metrics', '/metrics/']) {
    expect((await get(app.url(path))).text).toBe(`hello ${path}`);
  }
  for (const path of ['/metrics', '/metrics?name[]=up']) expect((await get(app.url(path))).status).toBe(200);
  expect((await get(app.url('/metrics'), { method: 'POST' })).status).toBe(405);
  const { headers, text } = await get(app.url('/metrics'));
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(requests(text)).toEqual({
    'GET /users/:id 200': 1,
    'GET /Metrics 200': 1,
    'GET /metrics/all 200': 1,
    'GET /a/metrics 200': 1,
    'GET /metrics 200': 1,
  });
  // The scrape itself is neither counted nor in flight.
  expect(maskDurations(text)).toContain('\nhttp_active_requests{method="GET"} 0\n');
  expect(text).not.toContain('method="POST",status_code');

  await app.waitForOutput(/without authentication.*\n/);
  expect(app.stderr).toBe(
    "[@org/apm] metrics at /metrics on the app's own port\n[@org/apm] metrics at /metrics on the app's own port are readable without authentication; set APM_AUTH_TOKEN to require a bearer token\n",
  );
  await expect(get(`http://localhost:${port}/metrics`)).rejects.toThrow('ECONNREFUSED');
});

it('requires the bearer token on the port of the app', async () => {
  const app = await startApp('test/apps/plain/app.mjs', {
    env: { APM_METRICS_ON_APP: '/metrics', APM_AUTH_TOKEN: 'token', OTEL_METRICS_EXPORTER: 'none' },
  });
  const refused = await get(app.url('/metrics'));
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer realm="@org/apm"']);
  expect((await get(app.url('/metrics'), { headers: { Authorization: 'Bearer token' } })).status).toBe(200);
  expect((await get(app.url('/users/1'))).text).toBe('hello /users/1');
  await app.waitForOutput(/metrics at .*\n/);
  await get(app.url('/end'));
  await app.exit;
  expect(app.stderr).toBe("[@org/apm] metrics at /metrics on the app's own port\n");
});
