import { Agent, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { type App, metricsAt, startApp } from '../../support/app.ts';
import { requests } from '../../support/exposition.ts';
import { freePort, get, maskDurations } from '../get.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const EXPOSITION = `# HELP target_info Target metadata
# TYPE target_info gauge
target_info{service_version="1.2.3",service_instance_id="one",service_name="plain",telemetry_sdk_language="nodejs",telemetry_sdk_name="opentelemetry",telemetry_sdk_version="2.12.0"} 1
# HELP http_requests_total Finished HTTP requests.
# TYPE http_requests_total counter
http_requests_total{path="/users/:id",method="GET",status_code="200"} 2
http_requests_total{path="/users/:id",method="POST",status_code="200"} 1
http_requests_total{path="unmatched",method="GET",status_code="404"} 1
# HELP http_duration Seconds from a request's arrival to the end of its response.
# TYPE http_duration histogram
http_duration_bucket{path="/users/:id",method="GET",le="30"} 2
http_duration_bucket{path="/users/:id",method="GET",le="60.5"} 2
http_duration_bucket{path="/users/:id",method="GET",le="+Inf"} 2
http_duration_sum{path="/users/:id",method="GET"} SECONDS
http_duration_count{path="/users/:id",method="GET"} 2
http_duration_bucket{path="/users/:id",method="POST",le="30"} 1
http_duration_bucket{path="/users/:id",method="POST",le="60.5"} 1
http_duration_bucket{path="/users/:id",method="POST",le="+Inf"} 1
http_duration_sum{path="/users/:id",method="POST"} SECONDS
http_duration_count{path="/users/:id",method="POST"} 1
http_duration_bucket{path="unmatched",method="GET",le="30"} 1
http_duration_bucket{path="unmatched",method="GET",le="60.5"} 1
http_duration_bucket{path="unmatched",method="GET",le="+Inf"} 1
http_duration_sum{path="unmatched",method="GET"} SECONDS
http_duration_count{path="unmatched",method="GET"} 1
# HELP http_active_requests HTTP requests in flight.
# TYPE http_active_requests gauge
http_active_requests{method="GET"} 0
http_active_requests{method="POST"} 0
`;

it('answers a scrape as Prometheus expects it', async () => {
  const app = await startApp(PLAIN, {
    env: { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=one', APM_BUCKETS: '30,60.5' },
  });
  for (const path of ['/users/1', '/users/2']) await get(app.url(path));
  await get(app.url('/users/3'), { method: 'POST' });
  await get(app.url('/missing/1'));
  const url = await app.metricsUrl();

  const plain = await get(url);
  expect(plain.status).toBe(200);
  expect(plain.headers['content-type']).toBe(CONTENT_TYPE);
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(maskDurations(plain.text)).toBe(EXPOSITION);

  for (const accepted of ['gzip', 'deflate, GZIP;q=0.5', 'br;q=1.0, gzip;q=0.8, *;q=0.1']) {
    const packed = await get(url, { headers: { 'Accept-Encoding': accepted } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['content-type']).toBe(CONTENT_TYPE);
    expect(gunzipSync(packed.body).toString()).toBe(plain.text);
  }
  for (const accepted of ['identity', 'gzip;q=0', 'br, gzip; q=0.0', '']) {
    const unpacked = await get(url, { headers: { 'Accept-Encoding': accepted } });
    expect(unpacked.headers['content-encoding']).toBeUndefined();
    expect(unpacked.text).toBe(plain.text);
  }

  const head = await get(url, { method: 'HEAD' });
  expect([head.status, head.headers['content-type'], head.text]).toEqual([200, CONTENT_TYPE, '']);
  expect((await get(`${url}?name[]=up`)).text).toBe(plain.text);

  expect((await get(`${url}/`)).text).toBe(plain.text);
  expect((await get(`${url}/?name[]=up`)).text).toBe(plain.text);
  for (const path of ['/status/', '/metrics/status/']) {
    expect((await get(new URL(path, url).href)).headers['content-type']).toBe('application/json; charset=utf-8');
  }

  const elsewhere = await get(new URL('/elsewhere', url).href);
  expect([elsewhere.status, elsewhere.text]).toEqual([404, 'The metrics are at /metrics\n']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const refused = await get(url, { method });
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD']);
  }
  // No request to the metrics server was counted.
  expect((await get(url)).text).toBe(plain.text);
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
});

it('has the default bounds, and the names of OpenTelemetry with APM_METRIC_NAMES=semconv', async () => {
  const app = await startApp(PLAIN, { env: { APM_METRIC_NAMES: 'semconv' } });
  await get(app.url('/users/1'));
  const text = await app.scrape();
  expect(
    [...text.matchAll(/^http_server_request_duration_seconds_bucket\{.*le="(.*)"\}/gm)].map(([, le]) => le),
  ).toEqual('0.005 0.01 0.015 0.025 0.05 0.075 0.1 0.15 0.25 0.35 0.5 0.75 1 1.5 2.5 5 10 +Inf'.split(' '));
  expect(text.match(/^\w+_(total|count|requests)\{.*/gm)).toEqual([
    'http_server_requests_total{http_route="/users/:id",http_request_method="GET",http_response_status_code="200",url_scheme="http"} 1',
    'http_server_request_duration_seconds_count{http_route="/users/:id",http_request_method="GET",http_response_status_code="200",url_scheme="http"} 1',
    'http_server_active_requests{http_request_method="GET",url_scheme="http"} 0',
  ]);
});

it('requires the bearer token', async () => {
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'correct-horse' } });
  const url = await app.metricsUrl();
  const wrong = ['', 'Bearer', 'Bearer wrong', 'Bearer correct-horse2', 'Bearer correct-hors', 'Basic correct-horse'];
  for (const Authorization of wrong) {
    const refused = await get(url, { headers: { Authorization } });
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer realm="@org/apm"']);
    expect(refused.text).toBe('A bearer token is needed.\n');
  }
  expect((await get(url)).status).toBe(401);
  expect((await get(url, { method: 'POST' })).status).toBe(401);
  for (const Authorization of ['Bearer correct-horse', 'bearer  correct-horse']) {
    expect((await get(url, { headers: { Authorization } })).status).toBe(200);
  }
});

it('refuses every scrape when the configured token is invalid', async () => {
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'correct horse' } });
  const url = await app.metricsUrl();
  for (const token of ['correct horse', 'correct', '', ' ', 'undefined']) {
    expect((await get(url, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(401);
  }
  expect(app.stderr).not.toContain('horse');
});

/** Starts an app with 250 series of 21 lines each: its exposition is larger than 1 MB. */
async function startAppOfManySeries(): Promise<{ app: App; url: string; whole: string }> {
  const paths = Array.from({ length: 250 }, (_, i) => `/${String(i).padEnd(200, 'x')}`);
  const app = await startApp(PLAIN, { env: { APM_ROUTES: paths.join(',') } });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  await Promise.all(paths.map((path) => get(app.url(path), { agent })));
  agent.destroy();
  const url = await app.metricsUrl();
  const { text: whole } = await get(url);
  expect(whole.length).toBeGreaterThan(1_000_000);
  return { app, url, whole };
}

it('answers 100 scrapers with the complete text, and lets the app exit while scrapers are connected', async () => {
  const { app, url, whole } = await startAppOfManySeries();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const respond = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request(url, { agent }, resolve).on('error', reject).end();
    });

  const slow = await respond();
  for (let i = 0; i < 5; i++) (await respond()).destroy();
  const answers = await Promise.all(Array.from({ length: 100 }, () => get(url)));
  for (const { text } of answers) expect(text === whole).toBe(true);
  expect((await buffer(slow)).toString() === whole).toBe(true);
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);

  // The agent keeps an idle connection open. This scraper is another: it reads nothing of its answer.
  (await respond()).on('error', () => {});
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
});

it('uses the next free port when another program uses the configured one, and logs it', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, 'localhost', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const app = await startApp(PLAIN, { env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(port) } });
  const url = await app.metricsUrl();
  expect((await get(app.url('/users/1'))).text).toBe('hello /users/1');
  expect(requests((await get(url)).text)).toEqual({ 'GET /users/:id 200': 1 });
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
  const address = new URL(url).origin;
  expect(Number(new URL(url).port)).toBeGreaterThan(port);
  expect(app.stderr).toBe(
    `[@org/apm] port ${port} is in use by another program: metrics at ${address} instead; OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own\n[@org/apm] ${metricsAt(url)}\n`,
  );
});

it('names the variable when the host is not of this machine', async () => {
  const app = await startApp(PLAIN, { env: { OTEL_EXPORTER_PROMETHEUS_HOST: '192.0.2.1' } });
  await app.waitForOutput(
    /no scrape at 192\.0\.2\.1:0: .*; set OTEL_EXPORTER_PROMETHEUS_HOST to a host of this machine$/m,
  );
  expect((await get(app.url('/users/1'))).status).toBe(200);
});

it('warns when other machines can read the metrics without a token', async () => {
  const env = { OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0' };
  const open = await startApp(PLAIN, { env });
  const url = await open.metricsUrl();
  await open.waitForOutput(/readable without authentication.*\n/);
  expect(open.stderr).toBe(
    `[@org/apm] ${metricsAt(url)}\n[@org/apm] metrics at ${url.replace('/metrics', '')} are readable without authentication; set APM_AUTH_TOKEN to require a bearer token\n`,
  );
  const guarded = await startApp(PLAIN, { env: { ...env, APM_AUTH_TOKEN: 'token' } });
  const guardedUrl = await guarded.metricsUrl();
  await get(guarded.url('/end'));
  await guarded.exit;
  expect(guarded.stderr).toBe(`[@org/apm] ${metricsAt(guardedUrl)}\n`);
});

it('answers with and without a slash at the end of the configured path', async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_PATH: '/internal/apm/' } });
  const url = await app.metricsUrl();
  for (const each of [url, url.slice(0, -1)]) expect((await get(each)).headers['content-type']).toBe(CONTENT_TYPE);
});

it('listens on the configured host, port and path', async () => {
  const port = await freePort();
  const app = await startApp(PLAIN, {
    env: {
      OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      APM_METRICS_PATH: '/internal/apm',
    },
  });
  expect(await app.metricsUrl()).toBe(`http://127.0.0.1:${port}/internal/apm`);
  expect((await get(`http://127.0.0.1:${port}/internal/apm`)).status).toBe(200);
  expect((await get(`http://127.0.0.1:${port}/metrics`)).text).toBe('The metrics are at /internal/apm\n');
});
