import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { NEWER_API } from '../packages/tools.ts';
import { startApp } from '../support/app.ts';
import { root } from '../support/root.ts';
import { get, maskDurations } from './get.ts';

const APP = join(root, 'test/apps/plain/instruments');
const ENV = { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=one', APM_BUCKETS: '30' };

const EXPOSITION = `# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_version="2.0.0",service_instance_id="one",service_name="instruments",telemetry_sdk_language="nodejs",telemetry_sdk_name="opentelemetry",telemetry_sdk_version="2.12.0"} 1
# HELP http_requests_total Finished HTTP requests.
# TYPE http_requests_total counter
http_requests_total{path="/",method="GET",status_code="200"} 1
# HELP http_duration Seconds from a request's arrival to the end of its response.
# TYPE http_duration histogram
http_duration_bucket{path="/",method="GET",le="30"} 1
http_duration_bucket{path="/",method="GET",le="+Inf"} 1
http_duration_sum{path="/",method="GET"} SECONDS
http_duration_count{path="/",method="GET"} 1
# HELP http_active_requests HTTP requests in flight.
# TYPE http_active_requests gauge
http_active_requests{method="GET"} 0
# HELP orders_total Orders sent back.
# TYPE orders_total counter
orders_total{kind="book"} 1
orders_total{kind="book",otel_scope_name="shop",otel_scope_version="1.0"} 2
orders_total{kind="book",otel_scope_name="shop",otel_scope_version="2.0"} 3
# HELP order_size description missing
# TYPE order_size histogram
order_size_bucket{le="1"} 0
order_size_bucket{le="10"} 1
order_size_bucket{le="+Inf"} 1
order_size_sum SECONDS
order_size_count 1
# HELP stock Items left.
# TYPE stock gauge
stock{item="book"} 7
`;

it('exports the instruments of the app, also those created before it had a server', async () => {
  const app = await startApp(join(APP, 'app.mjs'), { env: ENV });
  await get(app.url());
  expect(maskDurations(await app.scrape())).toBe(EXPOSITION);
});

it('exports the instruments of an app with a newer version of the API', async () => {
  // A copy of the API ignores what an older copy has registered, so the app's own copy must register.
  const folder = join(await installPackages(NEWER_API), 'app');
  await cp(APP, folder, { recursive: true });
  const app = await startApp(join(folder, 'app.mjs'), { env: ENV, cwd: folder });
  await get(app.url());
  expect(maskDurations(await app.scrape())).toBe(EXPOSITION);
});

it('logs once an observable callback that throws, and once a warning of the SDK', async () => {
  const app = await startApp(join(APP, 'app.mjs'), { env: ENV });
  for (let i = 0; i < 3; i++) {
    await get(app.url());
    await app.scrape();
  }
  const lines = app.stderr.split('\n').filter((line) => line.startsWith('[@org/apm]'));
  expect(lines.filter((line) => line.includes('observable callback'))).toEqual([
    '[@org/apm] an observable callback of the app (instruments without a value: broken) threw, so its values are missing; correct the callback: Error: no value',
  ]);
  expect(app.stderr).toMatch(/Error: no value\n {4}at .*instruments\/app\.mjs:\d+/);
  expect(lines.filter((line) => line.includes('OpenTelemetry: '))).toEqual([
    expect.stringMatching(/^\[@org\/apm\] OpenTelemetry: negative value provided to counter orders: -0\.\d+/),
  ]);
});

it('keeps both in the status when the log level is none', async () => {
  const app = await startApp(join(APP, 'app.mjs'), {
    env: { ...ENV, OTEL_LOG_LEVEL: 'none', APM_METRICS_ON_APP: '/m' },
  });
  await get(app.url());
  await get(app.url('/m'));
  const { warnings } = JSON.parse((await get(app.url('/m/status'))).text);
  expect(warnings.map(({ level, text }: { level: string; text: string }) => [level, text])).toEqual([
    ['warn', 'OpenTelemetry: negative value provided to counter orders: ...'],
    [
      'warn',
      "metrics at /m on the app's own port are readable without authentication; set APM_AUTH_TOKEN to require a bearer token",
    ],
    [
      'warn',
      'an observable callback of the app (instruments without a value: broken) threw, so its values are missing; stderr of the app has the error',
    ],
  ]);
  expect(app.stderr).toBe('');
});
