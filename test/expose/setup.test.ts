import { expect, it } from 'vitest';
import type { SetupOptions } from '../../src/index.ts';
import { metricsAt, startApp } from '../support/app.ts';
import { requests } from '../support/exposition.ts';
import { get, maskDurations } from './get.ts';

const APP = 'test/apps/plain/setup.mjs';
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

it('lets the app serve its metrics itself: opens no port, and does not count the scrape', async () => {
  const options = { resourceAttributes: { 'service.instance.id': 'one' }, buckets: [30] };
  const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify(options) } });
  await get(app.url('/users/1'));
  await get(app.url('/metrics'));
  const { status, headers, text } = await get(app.url('/metrics'));
  expect([status, headers['content-type']]).toEqual([200, CONTENT_TYPE]);
  expect(maskDurations(text)).toBe(`# HELP target_info Target metadata
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
  // `metrics()` is the same text. Here a request in flight calls it.
  const inside = (await get(app.url('/text'))).text;
  expect(inside).toBe(text.replace('http_active_requests{method="GET"} 0', 'http_active_requests{method="GET"} 1'));
  expect((await get(app.url('/metrics'), { method: 'POST' })).status).toBe(405);
  expect((await get(app.url('/unbound'))).headers['content-type']).toBe(CONTENT_TYPE);
  expect((await get(app.url('/ready'))).text).toBe('undefined');
  expect((await get(app.url('/same'))).text).toBe('true');
  expect(app.stderr).toBe('');
});

it.each<[SetupOptions]>([[{ port: 0 }], [{ host: '127.0.0.1' }], [{ metricsPath: '/m' }]])(
  'opens the metrics server with %o, and `ready` has its address',
  async (options) => {
    const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify(options) } });
    const address = (await get(app.url('/ready'))).text;
    expect(address).toMatch(/^http:\/\/(localhost|127\.0\.0\.1):\d+$/);
    const url = await app.metricsUrl();
    expect(url).toBe(`${address}${options.metricsPath ?? '/metrics'}`);
    expect((await get(url)).headers['content-type']).toBe(CONTENT_TYPE);
  },
);

it("answers on the app's own servers with metricsOnApp", async () => {
  const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify({ metricsOnApp: '/own' }) } });
  await get(app.url('/users/1'));
  expect(requests((await get(app.url('/own'))).text)).toEqual({ 'GET /users/:id 200': 1 });
  expect((await get(app.url('/ready'))).text).toBe('undefined');
});

it('warns when the environment allows no metrics server for the port', async () => {
  const env = { OPTIONS: JSON.stringify({ port: 0, metricsPath: '/m' }), OTEL_METRICS_EXPORTER: 'none' };
  const app = await startApp(APP, { flags: [], env });
  expect((await get(app.url('/ready'))).text).toBe('undefined');
  expect(app.stderr).toBe(
    '[@org/apm] setupApm({ port, metricsPath }): no metrics server is opened, because OTEL_METRICS_EXPORTER is none; add prometheus to it, or pass exporters\n',
  );
});

it('has the status of the process, before and after it is ready, and after its shutdown', async () => {
  const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify({ port: 0 }) } });
  const address = (await get(app.url('/ready'))).text;
  const read = async (path: string) => JSON.parse((await get(app.url(path))).text);
  const always = { format: 1, pid: app.child.pid, startedBy: 'setupApm', service: { name: 'shop', version: '3.0.0' } };
  expect(await read('/early')).toMatchObject({ ...always, servers: [], scrape: null, processes: null, push: null });
  expect(await read('/status')).toMatchObject({
    ...always,
    servers: [{ address: app.url('').replace(/\/$/, ''), protocol: 'http' }],
    scrape: { on: 'metrics server', address, path: '/metrics' },
    processes: { scrapedBy: String(app.child.pid), others: [] },
  });
  expect(await read('/status')).toEqual({
    ...JSON.parse((await get(`${address}/status`)).text),
    uptimeSeconds: expect.any(Number),
    servers: expect.any(Array),
    durations: expect.objectContaining({ timed: expect.any(Number) }),
  });
  await get(app.url('/shutdown'));
  expect(await read('/status')).toMatchObject({ ...always, scrape: null });
});

it('requires the token of its options, on the metrics server and on the route of the app', async () => {
  const options = { authToken: 'token', exporters: ['prometheus'], metricsPath: '/m', port: 0 };
  const app = await startApp(APP, { flags: [], env: { OPTIONS: JSON.stringify(options) } });
  const url = await app.metricsUrl();
  expect(url).toMatch(/^http:\/\/localhost:\d+\/m$/);
  for (const address of [url, app.url('/metrics')]) {
    expect((await get(address)).status).toBe(401);
    expect((await get(address, { headers: { Authorization: 'Bearer token' } })).status).toBe(200);
  }
});

it('logs what is wrong with an option, and the app runs', async () => {
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

it('returns the instance of the preload, and warns that its options have no effect', async () => {
  const app = await startApp(APP, { env: { OTEL_SERVICE_NAME: 'by environment' } });
  await get(app.url('/users/1'));
  const own = await get(await app.metricsUrl());
  expect(own.text).toContain('service_name="by environment"');
  expect(requests(own.text)).toEqual({ 'GET /users/:id 200': 1 });
  expect((await get(app.url('/metrics'))).text).toBe(own.text);
  expect((await get(app.url('/same'))).text).toBe('true');
  expect((await get(app.url('/ready'))).text).toBe(new URL(await app.metricsUrl()).origin);
  expect(app.stderr).toBe(
    `[@org/apm] setupApm: this process is already measured, so these options have no effect: serviceName, serviceVersion; the preload reads the environment: set their variables\n[@org/apm] ${metricsAt(await app.metricsUrl())}\n`,
  );
});

it('throws nothing when the start fails: logs the cause, and answers without metrics', async () => {
  const app = await startApp(APP, { flags: [], env: { THROWING: 'port' } });
  expect((await get(app.url('/users/1'))).text).toBe('hello');
  expect(await get(app.url('/metrics'))).toMatchObject({ status: 200, text: '' });
  expect((await get(app.url('/ready'))).text).toBe('undefined');
  expect(app.stderr).toMatch(
    /^\[@org\/apm\] failed to start; the application is not affected: Error: unreadable option\n {4}at/,
  );
});

it.each([
  ['OTEL_SDK_DISABLED=true', { OTEL_SDK_DISABLED: 'true' }, []],
  ['disabled: true', { OPTIONS: '{ "disabled": true, "port": 0 }' }, []],
  ['OTEL_SDK_DISABLED=true under the preload', { OTEL_SDK_DISABLED: 'true', OPTIONS: '{}' }, undefined],
])('answers without metrics and opens nothing with %s', async (_, env, flags) => {
  const app = await startApp(APP, { ...(flags && { flags }), env });
  expect((await get(app.url('/users/1'))).text).toBe('hello');
  for (const path of ['/metrics', '/unbound']) {
    const { status, headers, text } = await get(app.url(path));
    expect([status, headers['content-type'], text]).toEqual([200, CONTENT_TYPE, '']);
  }
  expect((await get(app.url('/metrics'), { method: 'POST' })).status).toBe(405);
  expect(await get(app.url('/text'))).toMatchObject({ status: 200, text: '' });
  expect((await get(app.url('/ready'))).text).toBe('undefined');
  expect(JSON.parse((await get(app.url('/status'))).text)).toMatchObject({
    outgoing: 'off',
    servers: [],
    scrape: null,
    processes: null,
    push: null,
  });
  expect((await get(app.url('/shutdown'))).text).toBe('shut down');
});
