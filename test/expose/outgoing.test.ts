import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { samples } from '../support/exposition.ts';
import { freePort, get } from './get.ts';

const ESM = 'test/apps/outgoing/app.mjs';
const CJS = 'test/apps/outgoing/app.cjs';

/** Starts a service that answers with the status in the path. */
async function startTarget(secure = false): Promise<number> {
  const answer: RequestListener = (request, response) => {
    response.writeHead(Number(request.url?.slice(1))).end();
  };
  const pem = (name: string) => readFileSync(new URL(`tls/${name}.pem`, import.meta.url));
  const server: Server = secure
    ? createSecureServer({ key: pem('key'), cert: pem('cert') }, answer)
    : createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Starts an app and waits until its outgoing calls are measured: that begins shortly after it listens. */
async function startCaller(file: string, env: Record<string, string> = {}): Promise<App> {
  const app = await startApp(file, { env });
  await app.metricsUrl();
  return app;
}

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
    '{host="localhost",method="GET",status_code="200"}': 4,
    '{host="localhost",method="GET",status_code="404"}': 2,
    '{host="localhost",method="POST",status_code="201"}': 1,
    '{host="localhost",method="GET",status_code="202"}': 2,
    '{host="localhost",method="GET"}': 2,
  });
  expect(await app.scrape()).toContain(
    '# HELP http_client_duration Seconds an outgoing HTTP call took.\n# TYPE http_client_duration histogram\n',
  );
});

it('counts the calls of CommonJS, except by a function that the app destructured before it created a server', async () => {
  const port = await startTarget();
  const app = await startCaller(CJS);
  for (const how of ['http.request', 'http.get', 'required', 'destructured', 'fetch']) {
    expect([how, await call(app, how, `http://localhost:${port}/200`)]).toEqual([how, '200']);
  }
  expect(await readCalls(app)).toEqual({ '{host="localhost",method="GET",status_code="200"}': 4 });
});

it('counts the calls to hosts above APM_MAX_PATHS as other', async () => {
  const port = await startTarget();
  const app = await startCaller(ESM, { APM_MAX_PATHS: '2' });
  const hosts = ['localhost', 'one.invalid', 'two.invalid', 'three.invalid', 'localhost'];
  for (const host of hosts) await call(app, 'http.get', `http://${host}:${port}/200`);
  expect(await readCalls(app)).toEqual({
    '{host="localhost",method="GET",status_code="200"}': 2,
    '{host="one.invalid",method="GET"}': 1,
    '{host="other",method="GET"}': 2,
  });
});

it('uses the names of OpenTelemetry with APM_METRIC_NAMES=semconv', async () => {
  const port = await startTarget();
  const app = await startCaller(ESM, { APM_METRIC_NAMES: 'semconv' });
  for (const how of ['http.get', 'fetch']) await call(app, how, `http://localhost:${port}/200`);
  const [, labels] = /^http_client_request_duration_count\{(.*)\} 1$/m.exec(await app.scrape()) ?? [];
  expect(labels).toContain('http_response_status_code="200"');
});

it('measures no calls with APM_OUTGOING=false', async () => {
  const port = await startTarget();
  const app = await startCaller(ESM, { APM_OUTGOING: 'false' });
  for (const how of ['http.get', 'fetch']) expect(await call(app, how, `http://localhost:${port}/200`)).toBe('200');
  expect(await app.scrape()).not.toContain('http_client');
});
