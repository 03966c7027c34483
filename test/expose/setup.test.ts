import { expect, it } from 'vitest';
import { metricsAt, startApp } from '../support/app.ts';
import { requests } from '../support/exposition.ts';
import { get, masked } from './get.ts';

const APP = 'test/apps/plain/setup.mjs';

it('gives an app its metrics to serve as it likes, and nothing of that is counted or opened', async () => {
  const options = { resourceAttributes: { 'service.instance.id': 'one' }, buckets: [30] };
  const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify(options) } });
  await get(app.url('/users/1'));
  await get(app.url('/metrics'));
  const { status, headers, text } = await get(app.url('/metrics'));
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(masked(text)).toBe(`# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_version="3.0.0",service_instance_id="one",service_name="shop",telemetry_sdk_language="nodejs",telemetry_sdk_name="opentelemetry",telemetry_sdk_version="2.12.0"} 1
# HELP http_requests_total Finished HTTP requests.
# TYPE http_requests_total counter
http_requests_total{path="/users/:id",method="GET",status_code="200"} 1
# HELP http_duration Seconds from a request's arrival to the end of its response.
# TYPE http_duration histogram
http_duration_bucket{path="/users/:id",method="GET",le="30"} 1
http_duration_bucket{path="/users/:id",method="GET",le="+Inf"} 1
http_duration_sum{path="/users/:id",method="GET"} SECONDS
http_duration_count{path="/users/:id",method="GET"} 1
# HELP http_active_requests HTTP requests in flight.
# TYPE http_active_requests gauge
http_active_requests{method="GET"} 0
`);
  // `metrics()` is the same text, asked for by a request that is being answered.
  const inside = (await get(app.url('/text'))).text;
  expect(inside).toBe(text.replace('http_active_requests{method="GET"} 0', 'http_active_requests{method="GET"} 1'));
  expect((await get(app.url('/metrics'), { method: 'POST' })).status).toBe(405);
  expect((await get(app.url('/same'))).text).toBe('true');
  expect(app.stderr).toBe('');
});

it('asks for the token, and opens its own server, where the options say so', async () => {
  const options = { authToken: 'token', exporters: ['prometheus'], metricsPath: '/m', port: 0 };
  const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify(options) } });
  const url = await app.metricsUrl();
  expect(url).toMatch(/^http:\/\/localhost:\d+\/m$/);
  for (const place of [url, app.url('/metrics')]) {
    expect((await get(place)).status).toBe(401);
    expect((await get(place, { headers: { Authorization: 'Bearer token' } })).status).toBe(200);
  }
});

it('says what is wrong with an option, and the app runs', async () => {
  const options = { port: 'http', exporters: 'console', authToken: 'correct horse', maxPaths: 0 };
  const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify(options), APM_MAX_PATHS: '3' } });
  expect((await get(app.url('/users/1'))).text).toBe('hello');
  expect((await get(app.url('/metrics'))).status).toBe(401);
  expect(app.stderr.split('\n').sort()).toEqual([
    '',
    '[@org/apm] setupApm({ authToken }): expected a bearer token: letters, digits and -._~+/, with = at the end, given a value that is not shown; every scrape is refused',
    '[@org/apm] setupApm({ exporters }): expected prometheus, otlp, both separated by a comma, or none, given "console"; none is used instead',
    '[@org/apm] setupApm({ maxPaths }): expected a whole number, 1 to 100000, given "0"; 500 is used instead',
    '[@org/apm] setupApm({ port }): expected a port, 0 to 65535, given "http"; 9464 is used instead',
  ]);
});

it('can be shut down and set up again', async () => {
  const app = await startApp(APP, { flags: [] });
  await get(app.url('/users/1'));
  await get(app.url('/shutdown'));
  expect((await get(app.url('/users/1'))).text).toBe('hello');
  expect((await get(app.url('/metrics'))).status).toBe(503);
  await get(app.url('/again'));
  await get(app.url('/users/1'));
  const { text } = await get(app.url('/metrics'));
  expect(text).toContain('service_name="again"');
  expect(requests(text)).toEqual({ 'GET /users/:id 200': 1 });
  expect(app.stderr).toBe('');
});

it('mounts in Express', async () => {
  const app = await startApp('test/apps/plain/setup-express.mjs', { flags: [] });
  await get(app.url('/users/1'));
  await get(app.url('/metrics'));
  const { text } = await get(app.url('/metrics'));
  expect(requests(text)).toEqual({ 'GET /users/:id 200': 1 });
  expect(text).toContain('\nhttp_active_requests{method="GET"} 0\n');
});

it('is what the preload runs, where there is one, and says that its options do nothing', async () => {
  const app = await startApp(APP, { env: { OTEL_SERVICE_NAME: 'by environment' } });
  await get(app.url('/users/1'));
  const own = await get(await app.metricsUrl());
  expect(own.text).toContain('service_name="by environment"');
  expect(requests(own.text)).toEqual({ 'GET /users/:id 200': 1 });
  expect((await get(app.url('/metrics'))).text).toBe(own.text);
  expect((await get(app.url('/same'))).text).toBe('true');
  expect(app.stderr).toBe(
    `[@org/apm] setupApm: already running in this process; these options do nothing\n[@org/apm] ${metricsAt(await app.metricsUrl())}\n`,
  );
});

it('does nothing, and throws nothing, where the SDK is disabled', async () => {
  const app = await startApp(APP, { flags: [], env: { OTEL_SDK_DISABLED: 'true' } });
  expect((await get(app.url('/users/1'))).text).toBe('hello');
  expect(await get(app.url('/metrics'))).toMatchObject({ status: 200, text: '' });
  expect(await get(app.url('/text'))).toMatchObject({ status: 200, text: '' });
  expect((await get(app.url('/shutdown'))).text).toBe('shut down');
  expect(app.stderr).toBe('');
});
