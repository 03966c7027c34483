import type { RequestOptions } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { DEFAULT_BUCKETS } from '../../src/semconv.ts';
import type { ApmSnapshot } from '../../src/snapshot.ts';
import { ask, Service } from '../processes/group.ts';
import { type App, startApp } from '../support/app.ts';
import { requests, until } from '../support/exposition.ts';
import { get } from './get.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const STATUSES = 'test/apps/statuses/servers.mjs';
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const ID = expect.stringMatching(/^[\da-f-]{36}$/);

const originOf = async (app: App) => new URL(await app.metricsUrl()).origin;
const snapshotAt = async (url: string, options?: RequestOptions): Promise<ApmSnapshot> =>
  JSON.parse((await get(url, options)).text);
const countOf = ({ requests }: ApmSnapshot) => requests.reduce((sum, series) => sum + series.requests, 0);
/** A snapshot with this many requests: the server counts a response after the client has read it. */
const withRequests = (url: string, count: number) =>
  until(
    () => snapshotAt(url).catch(() => undefined),
    (snapshot) => snapshot !== undefined && countOf(snapshot) === count,
  ) as Promise<ApmSnapshot>;

/** What is timed: the same values in both histograms. */
const timed = (count: number) => ({
  seconds: expect.any(Number),
  counts: expect.toSatisfy(
    (counts: number[]) => counts.length === DEFAULT_BUCKETS.length + 1 && counts.reduce((a, b) => a + b) === count,
  ),
  fine: expect.toSatisfy((fine: number[]) => FineHistogram.decode(fine).total === count),
});

it('has everything that a process counted, with the labels of the app', async () => {
  const called = await startApp(PLAIN);
  const app = await startApp('test/apps/outgoing/app.mjs', {
    env: {
      OTEL_SERVICE_NAME: 'shop',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=7',
      APM_LABELS: 'tenant=header:x-tenant,region=value:eu',
      APM_CONTEXT: 'true',
    },
  });
  const url = `${await originOf(app)}/snapshot`;
  const start = Date.now();
  const callOf = (how: string, to: string) => app.url(`/call?how=${how}&url=${encodeURIComponent(to)}`);
  await get(callOf('http.get', called.url('/missing')), { headers: { 'X-Tenant': 'acme' } });
  await get(callOf('fetch', called.url('/')));
  await get(callOf('http.get', 'http://127.0.0.1:9/'));
  const host = new URL(called.url()).host;
  const request = { path: '/call', method: 'GET', status: 200 };
  const snapshot = await withRequests(url, 3);
  expect(snapshot).toEqual({
    format: 1,
    package: { name: '@org/apm', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    service: { name: 'shop', version: '7' },
    time: TIME,
    counted: { id: ID, since: TIME },
    processes: [{ pid: String(app.child.pid), started: TIME }],
    bounds: DEFAULT_BUCKETS,
    requests: [
      { ...request, labels: { tenant: 'acme', region: 'eu' }, requests: 1, ...timed(1) },
      { ...request, labels: { region: 'eu' }, requests: 2, ...timed(2) },
    ],
    calls: [
      { host, method: 'GET', status: 404, calls: 1, ...timed(1) },
      { host, method: 'GET', status: 200, calls: 1, ...timed(1) },
      { host: '127.0.0.1:9', method: 'GET', status: null, calls: 1, ...timed(1) },
    ],
    databaseCalls: [],
    timeSpent: expect.any(Array),
  });
  const { time, counted, processes, timeSpent, requests } = snapshot;
  const sum = (all: readonly { seconds: number }[]) => all.reduce((total, { seconds }) => total + seconds, 0);
  expect(sum(timeSpent)).toBeCloseTo(sum(requests), 9);
  expect(timeSpent).toContainEqual({
    path: '/call',
    method: 'GET',
    on: host,
    slow: false,
    seconds: expect.any(Number),
  });
  expect(Date.parse(processes[0]?.started as string)).toBeLessThanOrEqual(Date.parse(counted.since as string));
  expect(Date.parse(counted.since as string)).toBeLessThanOrEqual(start);
  expect(Date.parse(time)).toBeGreaterThanOrEqual(start);
  expect((await snapshotAt(url)).counted).toEqual(counted);
});

it('has the same fields whatever the metrics are called', async () => {
  const env = { APM_METRIC_NAMES: 'semconv', APM_METRIC_PREFIX: 'shop_', APM_BUCKETS: '0.1,1' };
  const app = await startApp(PLAIN, { env });
  await get(app.url('/users/7'));
  const snapshot = await withRequests(`${await originOf(app)}/snapshot`, 1);
  expect(snapshot.bounds).toEqual([0.1, 1]);
  expect(snapshot.requests).toEqual([
    {
      path: '/users/:id',
      method: 'GET',
      status: 200,
      requests: 1,
      details: { 'url.scheme': 'http' },
      ...timed(1),
      counts: [1, 0, 0],
    },
  ]);
});

it('needs the token of a scrape, and is neither cached nor changed by a reader', async () => {
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'correct-horse' } });
  const url = `${await originOf(app)}/snapshot`;
  const headers = { Authorization: 'Bearer correct-horse' };
  const answers = await Promise.all([
    get(url),
    get(url, { headers: { Authorization: 'Bearer battery-staple' } }),
    get(url, { headers, method: 'POST' }),
    get(url, { headers, method: 'HEAD' }),
    get(url, { headers: { ...headers, 'Accept-Encoding': 'gzip' } }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 405, 200, 200]);
  const zipped = answers[4] as (typeof answers)[number];
  expect(zipped.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-encoding': 'gzip',
  });
  expect(JSON.parse(gunzipSync(zipped.body).toString()).format).toBe(1);
});

it.each<[{ APM_METRICS_PATH?: string }, string[]]>([
  [{}, ['/snapshot', '/snapshot/', '/metrics/snapshot']],
  [{ APM_METRICS_PATH: '/snapshot' }, ['/snapshot/snapshot']],
  [{ APM_METRICS_PATH: '/' }, ['/snapshot']],
])('is beside and below the scrape: %j', async (env, paths) => {
  const app = await startApp(PLAIN, { env });
  const origin = await originOf(app);
  for (const path of paths) expect((await snapshotAt(origin + path)).format).toBe(1);
  expect((await get(`${origin}${env.APM_METRICS_PATH ?? '/metrics'}`)).text).toMatch(/^# HELP target_info/);
});

it('does not count as a scrape: Prometheus still gets 0 first of an endpoint that fails', async () => {
  const app = await startApp(STATUSES);
  const origin = await originOf(app);
  await get(app.url('/a/500'));
  await withRequests(`${origin}/snapshot`, 1);
  const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '10' };
  const scrapes: unknown[] = [];
  for (let i = 0; i < 2; i++) scrapes.push(requests((await get(`${origin}/metrics`, { headers })).text));
  expect(scrapes).toEqual([{ 'GET /a/:id 500': 0 }, { 'GET /a/:id 500': 1 }]);
});

it.each(['cluster', 'thread', 'fork'])('adds up the servers of a service that are a %s', async (kind) => {
  const service = await Service.create();
  const ready = /^all at (.+)$/m;
  const app = await service.start('many-servers.mjs', { env: { KIND: kind }, ready });
  const ports = (await app.waitForOutput(ready))[1]?.split(' ') ?? [];
  for (const port of ports) await ask(port, 20);
  const url = `http://localhost:${service.port}/snapshot`;
  const { processes, requests, counted } = await withRequests(url, 60);
  expect(requests).toEqual([{ path: '/', method: 'GET', status: 200, requests: 60, ...timed(60) }]);
  // Of a cluster and of forks, the process that starts them counts nothing.
  expect(new Set(processes.map(({ pid }) => pid)).size).toBe(3);
  expect(processes.map(({ started }) => started)).toEqual([TIME, TIME, TIME]);
  expect(counted).toEqual({ id: ID, since: TIME });
  await ask(ports[0] as string, 1);
  expect((await withRequests(url, 61)).counted).toEqual(counted);
});

it('says that another process counts now, and whether that has counts of before', async () => {
  const service = await Service.create();
  const url = `http://localhost:${service.port}/snapshot`;
  const start = async () => {
    const app = await service.start('one-server.mjs');
    await app.waitForOutput(/metrics at/);
    return app;
  };
  const first = await start();
  const second = await start();
  await ask(first.port, 3);
  await ask(second.port, 4);
  const before = await withRequests(url, 7);
  expect(before.processes.map(({ pid }) => Number(pid))).toEqual([first.child.pid, second.child.pid]);

  // No scrape has shown the requests so far: the next leader has them too.
  await ask(first.port, 1, '/exit');
  const passedOn = await withRequests(url, 8);
  expect(passedOn.counted).toEqual({ id: ID, since: null });
  expect(passedOn.counted.id).not.toBe(before.counted.id);
  expect(passedOn.processes.map(({ pid }) => Number(pid))).toEqual([second.child.pid]);

  // Everything was shown: the next leader begins at 0.
  const third = await start();
  await service.merged(2);
  const time = Date.now();
  await second.kill();
  await ask(third.port, 2);
  const anew = await withRequests(url, 2);
  expect(anew.counted).toEqual({ id: ID, since: TIME });
  expect(Date.parse(anew.counted.since as string)).toBeGreaterThanOrEqual(time);
});
