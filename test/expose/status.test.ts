import type { RequestOptions } from 'node:http';
import { expect, it } from 'vitest';
import type { ApmStatus, PushStatus } from '../../src/status.ts';
import { startApp } from '../support/app.ts';
import { requests, until } from '../support/exposition.ts';
import { waitForRequests } from '../support/outcome.ts';
import { startReceiver } from '../support/receiver.ts';
import { type Answer, get } from './get.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

const json = async (url: string, options?: RequestOptions) => JSON.parse((await get(url, options)).text);
const plain = ({ status, headers, text }: Answer) => [status, headers['content-type'], text];

it('describes the process completely, without a secret', async () => {
  const app = await startApp('test/apps/express/users.mjs', {
    env: {
      OTEL_METRICS_EXPORTER: 'prometheus,otlp',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=7,team=s3cret',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://s3cret:s3cret@127.0.0.1:9/v1/metrics?key=s3cret#s3cret',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=s3cret',
      OTEL_METRIC_EXPORT_INTERVAL: '3600000',
      APM_BUCKETS: 's3cret',
      APM_MAX_PATHS: '2',
      APM_AUTH_TOKEN: 's3cret',
    },
  });
  const Authorization = 'Bearer s3cret';
  const [, url] = await app.waitForOutput(/metrics at (\S+) .*;/);
  for (const path of ['/users/1?s3cret', '/users/2', '/all', '/', '/s3cret'])
    await get(app.url(path), { headers: { Authorization } });
  const { origin } = new URL(url as string);

  const { status, headers, text } = await get(`${origin}/status`, { headers: { Authorization } });
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'application/json; charset=utf-8',
    'no-store',
  ]);
  expect(text).not.toContain('s3cret');
  expect(JSON.parse(text)).toEqual({
    format: 1,
    package: { name: '@org/apm', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    node: process.versions.node,
    pid: app.child.pid,
    uptimeSeconds: expect.any(Number),
    service: { name: 'shop', version: '7' },
    startedBy: 'preload',
    outgoing: 'measured',
    context: process.versions.node >= '24' ? 'on' : 'off',
    servers: [
      {
        address: app.url(''),
        protocol: 'http',
        frameworks: ['Express'],
        requests: { ended: 5, answered: 4, routed: 4, unmatched: 1 },
      },
    ],
    paths: { distinct: 2, guessed: 0, crowded: [], max: 2, capped: true },
    hiddenFrameworks: [],
    adapterFailures: [],
    durations: {
      bounds: [0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 5, 10],
      timed: 5,
      inFirst: expect.any(Number),
      aboveTop: 0,
      p50: expect.any(Number),
      p99: expect.any(Number),
    },
    scrape: { on: 'metrics server', address: origin, path: '/metrics', token: true, exposed: false },
    processes: { scrapedBy: String(app.child.pid), others: [], paths: null },
    push: {
      url: 'http://127.0.0.1:9/v1/metrics',
      everySeconds: 3600,
      lastSuccess: null,
      failingSince: null,
      error: null,
    },
    warnings: [
      {
        at: TIME,
        level: 'warn',
        about: 'setting',
        text: 'APM_BUCKETS: expected seconds greater than 0, separated by commas; 0.005,0.01,0.015,0.025,0.05,0.075,0.1,0.15,0.25,0.35,0.5,0.75,1,1.5,2.5,5,10 is used instead',
      },
      {
        at: TIME,
        level: 'warn',
        about: 'state',
        text: 'metrics are both scraped and pushed: a Prometheus that receives both counts every request twice',
      },
      {
        at: TIME,
        level: 'warn',
        about: 'state',
        text: '2 distinct routes reached (APM_MAX_PATHS); further ones are counted as path="other"',
      },
    ],
  });
});

it('has the times of the last push and of the first failed one, without the query of the endpoint', async () => {
  const receiver = await startReceiver();
  const app = await startApp(PLAIN, {
    env: {
      APM_METRICS_ON_APP: '/metrics',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_METRIC_EXPORT_INTERVAL: '100',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiver.url.replace('//', '//user:s3cret@')}/v1/metrics?key=s3cret`,
    },
  });
  await get(app.url('/users/1'));
  const status = () => get(app.url('/metrics/status'));
  const pushed = async (holds: (push: PushStatus) => boolean) => {
    const { text } = await until(status, ({ text }) => holds(JSON.parse(text).push));
    expect(text).not.toContain('s3cret');
    return JSON.parse(text) as ApmStatus;
  };
  const url = `${receiver.url}/v1/metrics`;
  const arrived = await pushed(({ lastSuccess }) => lastSuccess !== null);
  expect(arrived.push).toEqual({ url, everySeconds: 0.1, lastSuccess: TIME, failingSince: null, error: null });
  receiver.answer = 400;
  const failing = await pushed(({ failingSince }) => failingSince !== null);
  const error = failing.push?.error;
  expect(failing.push).toEqual({ url, everySeconds: 0.1, lastSuccess: TIME, failingSince: TIME, error: 'Bad Request' });
  expect(failing.warnings.at(-1)).toEqual({
    at: TIME,
    level: 'warn',
    about: 'state',
    text: `failed to push metrics to ${url}: ${error}; retrying at each interval`,
  });
  receiver.answer = 200;
  const again = await pushed(({ failingSince }) => failingSince === null);
  expect(again.push).toEqual({ url, everySeconds: 0.1, lastSuccess: TIME, failingSince: null, error: null });
});

it('requires the token of a scrape, and is not counted', async () => {
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'token' } });
  const { origin } = new URL(await app.metricsUrl());
  const headers = { Authorization: 'Bearer token' };
  for (const url of [`${origin}/status`, `${origin}/metrics/status`, `${origin}/status?a=b`]) {
    for (const Authorization of ['', 'Bearer wrong']) {
      expect(plain(await get(url, { headers: { Authorization } }))).toEqual([
        401,
        'text/plain; charset=utf-8',
        'A bearer token is needed.\n',
      ]);
    }
    const whole = await get(url, { headers });
    const head = await get(url, { headers, method: 'HEAD' });
    expect([head.status, head.text, head.headers['cache-control']]).toEqual([200, '', 'no-store']);
    expect([whole.status, whole.headers['content-length']]).toEqual([200, String(whole.body.length)]);
    const refused = await get(url, { headers, method: 'POST' });
    expect([refused.status, refused.headers.allow]).toEqual([405, 'GET, HEAD']);
  }
  expect((await json(`${origin}/status`, { headers })).servers[0].requests).toEqual({
    ended: 0,
    answered: 0,
    routed: 0,
    unmatched: 0,
  });
  expect(requests((await get(`${origin}/metrics`, { headers })).text)).toEqual({});
});

it('is served below the scrape on the port of the app, and is not counted as a request', async () => {
  const app = await startApp(PLAIN, {
    env: { APM_METRICS_ON_APP: '/metrics', APM_AUTH_TOKEN: 'token', OTEL_METRICS_EXPORTER: 'none' },
  });
  const headers = { Authorization: 'Bearer token' };
  expect((await get(app.url('/metrics/status'))).status).toBe(401);
  expect((await get(app.url('/status'))).text).toBe('hello /status');
  const status = () => json(app.url('/metrics/status'), { headers });
  await status();
  const { scrape, push, servers } = await status();
  expect({ scrape, push, servers }).toEqual({
    scrape: { on: 'app', address: null, path: '/metrics', token: true, exposed: false },
    push: null,
    servers: [
      {
        address: app.url(''),
        protocol: 'http',
        frameworks: [],
        requests: { ended: 1, answered: 1, routed: 0, unmatched: 0 },
      },
    ],
  });
  const { text } = await get(app.url('/metrics'), { headers });
  expect(requests(text)).toEqual({ 'GET /status 200': 1 });
  expect(text).toContain('\nhttp_active_requests{method="GET"} 0\n');
});

it('is served only at /status/status when APM_METRICS_PATH is /status', async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_PATH: '/status' } });
  const url = await app.metricsUrl();
  expect((await get(url)).headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect((await json(`${url}/status`)).scrape.path).toBe('/status');
});

it('lists each listening server with its protocol, and no closed one', async () => {
  const app = await startApp('test/apps/cli/servers.mjs');
  await get(app.url('/users/1'));
  await waitForRequests(app, 1);
  const url = new URL('/status', await app.metricsUrl()).href;
  const none = { ended: 0, answered: 0, routed: 0, unmatched: 0 };
  const [, socket] = await app.waitForOutput(/^socket (.*)$/m);
  const ports = (await app.waitForOutput(/^ports (.*)$/m))[1]?.split(' ') as string[];
  const expected = [
    { address: app.url(''), protocol: 'http', frameworks: [], requests: { ...none, ended: 1, answered: 1 } },
    { address: `https://127.0.0.1:${ports[0]}`, protocol: 'https', frameworks: [], requests: none },
    { address: `http://127.0.0.1:${ports[1]}`, protocol: 'http2', frameworks: [], requests: none },
    { address: `https://127.0.0.1:${ports[2]}`, protocol: 'http2', frameworks: [], requests: none },
    { address: `unix:${socket}`, protocol: 'http', frameworks: [], requests: none },
  ];
  expect((await json(url)).servers).toEqual(expected);
  await get(app.url('/close'));
  await app.waitForOutput(/^closed$/m);
  expect((await json(url)).servers).toEqual(
    expected.slice(0, 1).map((each) => ({ ...each, requests: { ...none, ended: 2, answered: 2 } })),
  );
});

it('has how the process was started, and the last twenty warnings, logged or not', async () => {
  const names = Array.from({ length: 25 }, (_, i) => `APM_ROUTES${String(i).padStart(2, '0')}`);
  const app = await startApp('test/apps/plain/setup.mjs', {
    flags: [],
    env: {
      ...Object.fromEntries(names.map((name) => [name, 's3cret'])),
      OTEL_LOG_LEVEL: 'none',
      APM_METRICS_ON_APP: '/own',
      OPTIONS: JSON.stringify({ serviceVersion: '3.0.0', outgoing: false }),
    },
  });
  const status = await json(app.url('/own/status'));
  const { startedBy, service, outgoing } = status;
  expect({ startedBy, service, outgoing }).toEqual({
    startedBy: 'setupApm',
    service: { name: 'shop', version: '3.0.0' },
    outgoing: 'off',
  });
  expect(status.warnings).toEqual([
    ...names.slice(-19).map((name) => ({
      at: TIME,
      level: 'warn',
      about: 'setting',
      text: `${name}: there is no such variable; did you mean APM_ROUTES?`,
    })),
    {
      at: TIME,
      level: 'warn',
      about: 'state',
      text: "metrics at /own on the app's own port are readable without authentication; set APM_AUTH_TOKEN to require a bearer token",
    },
  ]);
  expect(app.stderr).toBe('');
});
