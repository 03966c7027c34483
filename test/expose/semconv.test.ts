import { expect, it } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { sortLabels, until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { ask, openSession } from '../support/http2.ts';
import { startReceiver } from '../support/receiver.ts';

const SERVERS = 'test/apps/statuses/servers.mjs';

/** Sends each of the three servers of an app a request that is answered with 200, and the first one two failing ones. */
async function sendRequests(app: App): Promise<void> {
  const [, ports = ''] = /^ports (.*)$/m.exec(app.stdout) ?? [];
  const [http, https, http2] = ports.split(',');
  await call(`http://127.0.0.1:${http}/status/200`);
  await call(`http://127.0.0.1:${http}/status/404`);
  await call(`http://127.0.0.1:${http}/status/503`);
  await call(`https://127.0.0.1:${https}/status/200`);
  await ask(await openSession(`https://127.0.0.1:${http2}`), { ':path': '/status/200' });
  await call(`http://127.0.0.1:${http}/hangs`, { signal: AbortSignal.timeout(100) }).catch(() => {});
}

const server = (status: number, scheme: string, errorType = '', path = '/status/*') =>
  `{http_route="${path}",http_request_method="GET",http_response_status_code="${status}",${errorType && `error_type="${errorType}",`}url_scheme="${scheme}"}`;

/** The counters, and the counts of the histograms, that are not 0. */
const counts = (text: string): string[] =>
  sortLabels(text.match(/^http_server_\w+_(total|count|requests)\{.*/gm) ?? []);

it('has the units, url.scheme and error.type of the conventions, in one process and merged of several', async () => {
  const env = {
    APM_METRIC_NAMES: 'semconv',
    OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(),
    OTEL_SERVICE_NAME: `semconv ${process.pid}`,
    APM_ROUTES: '/status/*',
  };
  const app = await startApp(SERVERS, { env });
  await app.metricsUrl();
  await sendRequests(app);
  const lines = (times: number) =>
    ['http_server_requests_total', 'http_server_request_duration_seconds_count']
      .flatMap((name) => [
        `${name}${server(200, 'http')} ${times}`,
        `${name}${server(404, 'http')} ${times}`,
        `${name}${server(503, 'http', '503')} ${times}`,
        `${name}${server(200, 'https')} ${2 * times}`,
        `${name}${server(499, 'http', 'client_closed_request', 'unmatched')} ${times}`,
      ])
      .concat(
        'http_server_active_requests{http_request_method="GET",url_scheme="http"} 0',
        'http_server_active_requests{http_request_method="GET",url_scheme="https"} 0',
      );
  const scraped = (times: number) =>
    until(
      async () => counts(await app.scrape()),
      (found) => found.some((line) => line.includes('"499"') && line.endsWith(` ${times}`)),
    );
  expect(await scraped(1)).toEqual(sortLabels(lines(1)));
  const text = await app.scrape();
  expect(text).toContain('# TYPE http_server_request_duration_seconds histogram\n');

  const other = await startApp(SERVERS, { env });
  await other.waitForOutput(/served by process/);
  await sendRequests(other);
  expect(await scraped(2)).toEqual(sortLabels(lines(2)));
});

it('pushes the units of the conventions', async () => {
  const receiver = await startReceiver();
  const app = await startApp(SERVERS, {
    env: {
      APM_METRIC_NAMES: 'semconv',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    },
  });
  await app.waitForOutput(/metrics pushed/);
  await call(app.url('/status/200'));
  const metrics = await until(
    () => receiver.last?.metrics ?? {},
    (found) => found['http.server.requests'] !== undefined,
  );
  const units = Object.entries(metrics).map(([name, { unit }]) => [name, unit]);
  expect(Object.fromEntries(units)).toEqual({
    'http.server.requests': '{request}',
    'http.server.request.duration': 's',
    'http.server.active_requests': '{request}',
  });
  expect(metrics['http.server.request.duration']?.points[0]?.labels).toEqual({
    'http.route': '/status/:id',
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'url.scheme': 'http',
  });
});
