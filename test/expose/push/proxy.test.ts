import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type App, startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { NODE_VERSIONS, node } from '../../support/nodes.ts';
import { startProxy } from '../../support/proxy.ts';
import { startGrpcReceiver, startReceiver } from '../../support/receiver.ts';
import { get } from '../get.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const OTLP = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '100' };
const file = (name: string) => fileURLToPath(new URL(`../tls/${name}.pem`, import.meta.url));
const tls = { key: readFileSync(file('key'), 'utf8'), cert: readFileSync(file('cert'), 'utf8') };
const [oldest, newest] = [NODE_VERSIONS[0], NODE_VERSIONS.at(-1) ?? NODE_VERSIONS[0]];

/** Nothing is pushed before there is a request. */
async function untilPushed(app: App, { pushes }: { readonly pushes: readonly unknown[] }): Promise<void> {
  await get(app.url('/users/1'));
  await until(
    () => pushes.length,
    (count) => count > 0,
  );
}

it.each([
  ['HTTP_PROXY', undefined, oldest],
  ['http_proxy', undefined, newest],
  ['HTTPS_PROXY', tls, oldest],
  ['https_proxy', tls, newest],
] as const)('every push goes through the proxy of %s, the last one too', async (variable, secured, version) => {
  const receiver = await startReceiver({ ...(secured && { tls: secured }) });
  const proxy = await startProxy();
  const app = await startApp(PLAIN, {
    node: node(version),
    env: {
      ...OTLP,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_CERTIFICATE: file('cert'),
      NODE_USE_ENV_PROXY: '1',
      [variable]: proxy.url,
    },
  });
  await app.waitForOutput(/metrics pushed to .+/);
  await get(app.url('/users/1'));
  await until(
    () => receiver.pushes.length,
    (pushes) => pushes >= 2,
  );
  receiver.answer = 503;
  await get(app.url('/users/1'));
  receiver.answer = 200;
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });

  expect(app.stderr).toContain(`metrics pushed to ${receiver.url}/v1/metrics by the proxy ${proxy.shown} every 0.1 s`);
  expect(`${app.stdout}${app.stderr}`).not.toContain('s3cret');
  const counts = receiver.last?.metrics.http_requests_total?.points.map(({ value }) => value as number) ?? [];
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
  expect(proxy.refused).toEqual([]);
  const { host } = new URL(receiver.url);
  if (secured) expect(proxy.lines).toEqual([`CONNECT ${host}`, `CONNECT ${host}`]);
  else expect(proxy.lines).toEqual(Array(receiver.arrived).fill(`POST ${receiver.url}/v1/metrics`));
});

it('the variables alone are enough for another machine, whose name only the proxy can resolve', async () => {
  const receiver = await startReceiver();
  const proxy = await startProxy({ 'collector.example': receiver.port });
  const app = await startApp(PLAIN, {
    env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.example:4318', HTTP_PROXY: proxy.url },
  });
  await untilPushed(app, receiver);
  expect(new Set(proxy.lines)).toEqual(new Set(['POST http://collector.example:4318/v1/metrics']));
});

it('pushes go past the proxy for what NO_PROXY names', async () => {
  const receiver = await startReceiver();
  const proxy = await startProxy();
  const env = {
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: proxy.url,
    NO_PROXY: `collector.example,localhost:${receiver.port}`,
  };
  const app = await startApp(PLAIN, { env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env } });
  await untilPushed(app, receiver);
  expect(app.stderr).toContain(`metrics pushed to ${receiver.url}/v1/metrics every 0.1 s`);
  expect([proxy.lines, proxy.refused]).toEqual([[], []]);
});

it('a proxy that refuses the password, or is not there, is one line without the password, and the app runs on', async () => {
  const receiver = await startReceiver({ tls });
  const proxy = await startProxy();
  const start = (HTTPS_PROXY: string) =>
    startApp(PLAIN, {
      env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY },
    });
  for (const [url, why] of [
    [
      proxy.url.replace('s3cret', 'wr0ng'),
      `the proxy ${proxy.shown} refused the connection: 407 Proxy Authentication Required`,
    ],
    ['http://me:wr0ng@127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
  ] as const) {
    const app = await start(url);
    await get(app.url('/users/1'));
    await app.waitForOutput(/failed to push metrics.*/);
    expect(app.stderr).toContain(
      `failed to push metrics to ${receiver.url}/v1/metrics: ${why}; retrying at each interval`,
    );
    expect(app.stderr).not.toContain('wr0ng');
    expect((await get(app.url('/users/1'))).text).toBe('hello /users/1');
  }
});

it('a variable that names no proxy is one line, and pushes go to the receiver', async () => {
  const receiver = await startReceiver();
  const app = await startApp(PLAIN, {
    env: {
      ...OTLP,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      NODE_USE_ENV_PROXY: '1',
      http_proxy: 'socks5://me:s3cret@p',
    },
    node: node(oldest),
  });
  await untilPushed(app, receiver);
  expect(app.stderr).toContain('[@org/apm] http_proxy: expected an http:// or https:// URL; pushes use no proxy\n');
});

it('gRPC uses the variables of its own library', async () => {
  const receiver = await startGrpcReceiver();
  const proxy = await startProxy();
  const { host } = new URL(receiver.url);
  const app = await startApp(PLAIN, {
    env: {
      ...OTLP,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      grpc_proxy: proxy.url,
    },
  });
  await untilPushed(app, receiver);
  expect(proxy.lines).toEqual([`CONNECT ${host}`]);
});
