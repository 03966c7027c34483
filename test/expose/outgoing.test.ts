import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { samples, sortLabels, until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { startGrpcReceiver, startReceiver } from '../support/receiver.ts';
import { freePort, get } from './get.ts';

const ESM = 'test/apps/outgoing/app.mjs';
const CJS = 'test/apps/outgoing/app.cjs';

/** Starts a service that answers with the status in the path. @param at a host, or the path of a Unix domain socket */
async function startTarget(secure = false, at = 'localhost'): Promise<number> {
  const answer: RequestListener = (request, response) => {
    response.writeHead(Number(request.url?.slice(1))).end();
  };
  const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url));
  const server: Server = secure
    ? createSecureServer({ key: pem('key'), cert: pem('cert') }, answer)
    : createServer(answer);
  const where = at.startsWith('/') ? { path: at } : { port: 0, host: at };
  await new Promise<void>((resolve) => server.listen(where, resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Starts an app. Its outgoing calls are measured from the first one on. */
const startCaller = (file: string, env: Record<string, string> = {}): Promise<App> => startApp(file, { env });

async function call(app: App, how: string, url: string): Promise<string> {
  return (await get(app.url(`/call?how=${how}&url=${encodeURIComponent(url)}`))).text;
}

/** Reads the number of measured calls, by their labels. */
async function readCalls(app: App): Promise<Record<string, number>> {
  const counts = Object.entries(samples(await app.scrape())).filter(([name]) =>
    name.startsWith('http_client_duration_count'),
  );
  return Object.fromEntries(counts.map(([name, value]) => [name.slice('http_client_duration_count'.length), value]));
}

it('counts calls by every function of http, https and fetch, in one series for each host, method and status', async () => {
  const [port, securePort, closed] = [await startTarget(), await startTarget(true), await freePort()];
  const app = await startCaller(ESM);
  for (const how of ['http.request', 'http.get', 'get', 'fetch']) {
    expect([how, await call(app, how, `http://localhost:${port}/200`)]).toEqual([how, '200']);
  }
  for (const how of ['http.get', 'fetch']) expect(await call(app, how, `http://localhost:${port}/404`)).toBe('404');
  expect(await call(app, 'request', `http://localhost:${port}/201`)).toBe('201');
  for (const how of ['https.request', 'secureGet']) {
    expect([how, await call(app, how, `https://localhost:${securePort}/202`)]).toEqual([how, '202']);
  }
  for (const how of ['http.request', 'fetch']) {
    expect([how, await call(app, how, `http://localhost:${closed}/200`)]).toEqual([how, 'ECONNREFUSED']);
  }
  expect(await readCalls(app)).toEqual({
    [`{host="localhost:${port}",method="GET",status_code="200"}`]: 4,
    [`{host="localhost:${port}",method="GET",status_code="404"}`]: 2,
    [`{host="localhost:${port}",method="POST",status_code="201"}`]: 1,
    [`{host="localhost:${securePort}",method="GET",status_code="202"}`]: 2,
    [`{host="localhost:${closed}",method="GET"}`]: 2,
  });
  expect(await app.scrape()).toContain(
    '# HELP http_client_duration Seconds an outgoing HTTP call took.\n# TYPE http_client_duration histogram\n',
  );
});

it('counts the calls of CommonJS, also by a function that the app destructured before it had a server', async () => {
  const port = await startTarget();
  const app = await startCaller(CJS);
  for (const how of ['http.request', 'http.get', 'required', 'destructured', 'fetch']) {
    expect([how, await call(app, how, `http://localhost:${port}/200`)]).toEqual([how, '200']);
  }
  expect(await readCalls(app)).toEqual({ [`{host="localhost:${port}",method="GET",status_code="200"}`]: 5 });
});

it('tells services apart by address and port, however a call names them, and leaves out the default port', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'apm-socket-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socket = join(folder, 'service.sock');
  const [port, otherPort, sixPort] = [await startTarget(), await startTarget(), await startTarget(false, '::1')];
  const securePort = await startTarget(true);
  await startTarget(false, socket);
  const app = await startCaller(ESM);
  for (const how of ['fetch', 'http.get', 'options', 'host', 'keep-alive']) {
    expect([how, await call(app, how, `http://localhost:${port}/200`)]).toEqual([how, '200']);
    expect([how, await call(app, how, `http://localhost:${otherPort}/200`)]).toEqual([how, '200']);
    expect([how, await call(app, how, `http://[::1]:${sixPort}/200`)]).toEqual([how, '200']);
  }
  expect(await call(app, 'secure options', `https://localhost:${securePort}/200`)).toBe('200');
  expect(await call(app, 'socket', `http://ignored/200?${socket}`)).toBe('200');
  for (const how of ['fetch', 'http.get', 'options', 'host']) await call(app, how, 'http://one.invalid/');
  await call(app, 'http.get', 'http://one.invalid:80/');
  for (const how of ['https.request', 'secure options', 'fetch']) await call(app, how, 'https://two.invalid/');
  await call(app, 'fetch', 'https://two.invalid:443/');
  for (const url of ['http://one.invalid:443/', 'https://two.invalid:80/']) {
    await call(app, url.startsWith('https') ? 'https.request' : 'http.get', url);
    await call(app, 'fetch', url);
  }
  const answered = (host: string) => `{host="${host}",method="GET",status_code="200"}`;
  expect(await readCalls(app)).toEqual({
    [answered(`localhost:${port}`)]: 5,
    [answered(`localhost:${otherPort}`)]: 5,
    [answered(`[::1]:${sixPort}`)]: 5,
    [answered(`localhost:${securePort}`)]: 1,
    [answered(socket)]: 1,
    '{host="one.invalid",method="GET"}': 5,
    '{host="two.invalid",method="GET"}': 4,
    '{host="one.invalid:443",method="GET"}': 2,
    '{host="two.invalid:80",method="GET"}': 2,
  });
  // The live page names them alike.
  const page = new URL('/page/data', await app.metricsUrl());
  const hosts = await until(
    async () => {
      const { intervals } = (await (await fetch(page)).json()) as { intervals: { hosts: [string, ...unknown[]][] }[] };
      return intervals.flatMap((interval) => interval.hosts.map(([host]) => host));
    },
    (found) => found.includes('two.invalid:80'),
  );
  expect(new Set(hosts)).toEqual(
    new Set([
      `localhost:${port}`,
      `localhost:${otherPort}`,
      `[::1]:${sixPort}`,
      `localhost:${securePort}`,
      socket,
      'one.invalid',
      'two.invalid',
      'one.invalid:443',
      'two.invalid:80',
    ]),
  );
});

it('counts the calls to hosts above APM_MAX_PATHS as other', async () => {
  const port = await startTarget();
  const app = await startCaller(ESM, { APM_MAX_PATHS: '2' });
  const hosts = ['localhost', 'one.invalid', 'two.invalid', 'three.invalid', 'localhost'];
  for (const host of hosts) await call(app, 'http.get', `http://${host}:${port}/200`);
  expect(await readCalls(app)).toEqual({
    [`{host="localhost:${port}",method="GET",status_code="200"}`]: 2,
    [`{host="one.invalid:${port}",method="GET"}`]: 1,
    '{host="other",method="GET"}': 2,
  });
});

it('uses the names of OpenTelemetry with APM_METRIC_NAMES=semconv, and keeps address and port apart', async () => {
  const [port, sixPort, securePort] = [await startTarget(), await startTarget(false, '::1'), await startTarget(true)];
  const app = await startCaller(ESM, { APM_METRIC_NAMES: 'semconv', APM_MAX_PATHS: '4' });
  for (const how of ['http.get', 'fetch']) {
    for (const status of [200, 404, 503]) await call(app, how, `http://localhost:${port}/${status}`);
    await call(app, how, `http://[::1]:${sixPort}/200`);
    await call(app, how, 'http://one.invalid/');
  }
  await call(app, 'https.request', `https://localhost:${securePort}/200`);
  await call(app, 'http.get', 'http://too.many.invalid/');
  const counts = (await app.scrape()).match(/^http_client_request_duration_seconds_count.*$/gm) ?? [];
  const answer = (address: string, status: number, of: string, errorType = '') =>
    `{http_request_method="GET",server_address="${address}",http_response_status_code="${status}",${errorType}network_protocol_version="1.1",${of}}`;
  const noAnswer = (address: string, errorType: string, of = '') =>
    `{http_request_method="GET",server_address="${address}",error_type="${errorType}"${of}}`;
  const target = `server_port="${port}",url_scheme="http"`;
  const unknown = ',server_port="80",url_scheme="http"';
  expect(sortLabels(counts.map((line) => line.slice('http_client_request_duration_seconds_count'.length)))).toEqual(
    sortLabels([
      `${answer('localhost', 200, target)} 2`,
      `${answer('localhost', 404, target, 'error_type="404",')} 2`,
      `${answer('localhost', 503, target, 'error_type="503",')} 2`,
      `${answer('::1', 200, `server_port="${sixPort}",url_scheme="http"`)} 2`,
      `${answer('localhost', 200, `server_port="${securePort}",url_scheme="https"`)} 1`,
      `${noAnswer('one.invalid', 'ENOTFOUND', unknown)} 2`,
      `${noAnswer('other', '_OTHER')} 1`,
    ]),
  );
});

it('measures no calls with APM_OUTGOING=false', async () => {
  const port = await startTarget();
  const app = await startCaller(ESM, { APM_OUTGOING: 'false' });
  for (const how of ['http.get', 'fetch']) expect(await call(app, how, `http://localhost:${port}/200`)).toBe('200');
  expect(await app.scrape()).not.toContain('http_client');
});

it.each([
  ['http/protobuf', startReceiver],
  // Node publishes calls over HTTP/2 from 22.17 and 24.2 on.
  ['grpc', startGrpcReceiver],
] as const)('does not count its own pushes by %s', async (protocol, start) => {
  const [receiver, port] = [await start(), await startTarget()];
  const env = {
    OTEL_METRICS_EXPORTER: 'otlp,prometheus',
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRIC_EXPORT_INTERVAL: '50',
    OTEL_METRIC_EXPORT_TIMEOUT: '50',
  };
  const app = await startApp(ESM, { env, node: node(NODE_VERSIONS.at(-1) as string) });
  await call(app, 'fetch', `http://localhost:${port}/200`);
  await until(
    () => receiver.pushes.length,
    (count) => count >= 3,
  );
  expect(await readCalls(app)).toEqual({ [`{host="localhost:${port}",method="GET",status_code="200"}`]: 1 });
});
