import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { launch, metricsAt, startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { type Push, startGrpcReceiver, startReceiver } from '../../support/receiver.ts';
import { get } from '../get.ts';
import { copyWithoutGrpc } from './without-grpc.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const FAST = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '100' };
const pem = (name: string) => fileURLToPath(new URL(`../tls/${name}.pem`, import.meta.url));

const BOUNDS = [0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 5, 10];

/** Adds up the requests in a push. */
function requestsIn(push: Push | undefined): number {
  const points = push?.metrics.http_requests_total?.points ?? [];
  return points.reduce((sum, { value }) => sum + (value as number), 0);
}

/** A point without its times, which must make sense. */
function timeless({ start, time, ...point }: Push['metrics'][string]['points'][number]) {
  expect(start).toBeGreaterThan(1.7e18);
  expect(time).toBeGreaterThan(start);
  return point;
}

const PROTOCOLS = {
  'http/protobuf': { type: 'application/x-protobuf', start: startReceiver },
  'http/json': { type: 'application/json', start: startReceiver },
  grpc: { type: undefined, start: startGrpcReceiver },
};

it.each(Object.entries(PROTOCOLS))('pushes the same metrics by %s', async (protocol, { type, start }) => {
  const receiver = await start();
  const app = await startApp(PLAIN, {
    env: {
      ...FAST,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
      OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=one,team=a',
    },
  });
  for (const path of ['/users/1', '/users/2', '/missing']) await get(app.url(path));
  await until(
    () => receiver.pushes.at(-1),
    (push) => requestsIn(push) === 3,
  );
  const { path, headers, resource, metrics } = receiver.pushes.at(-1) as Push;

  expect(path).toBe(
    protocol === 'grpc' ? '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export' : '/v1/metrics',
  );
  if (type !== undefined) expect(headers['content-type']).toBe(type);
  expect(headers['x-tenant']).toBe('a b');
  expect(resource).toEqual({
    'service.name': 'plain',
    'service.version': '1.2.3',
    'service.instance.id': expect.stringMatching(/^one-[\da-f]{8}$/),
    team: 'a',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': '2.12.0',
  });
  const { http_requests_total, http_duration, http_active_requests, ...others } = metrics;
  expect(others).toEqual({});
  expect({ ...http_requests_total, points: http_requests_total?.points.map(timeless) }).toEqual({
    kind: 'sum',
    scope: '@org/apm',
    description: 'Finished HTTP requests.',
    unit: '',
    temporality: 'cumulative',
    monotonic: true,
    points: [
      { labels: { path: '/users/:id', method: 'GET', status_code: 200 }, value: 2 },
      { labels: { path: 'unmatched', method: 'GET', status_code: 404 }, value: 1 },
    ],
  });
  const histogram = (count: number) => ({
    count,
    sum: expect.any(Number),
    buckets: expect.any(Array),
    bounds: BOUNDS,
  });
  expect({ ...http_duration, points: http_duration?.points.map(timeless) }).toEqual({
    kind: 'histogram',
    scope: '@org/apm',
    description: "Seconds from a request's arrival to the end of its response.",
    unit: '',
    temporality: 'cumulative',
    points: [
      { labels: { path: '/users/:id', method: 'GET' }, value: histogram(2) },
      { labels: { path: 'unmatched', method: 'GET' }, value: histogram(1) },
    ],
  });
  for (const { value } of http_duration?.points ?? []) {
    if (typeof value === 'number') throw new Error('no histogram');
    expect(value.buckets?.length).toBe(BOUNDS.length + 1);
    expect(value.buckets?.reduce((a, b) => a + b)).toBe(value.count);
    expect(value.sum).toBeGreaterThan(0);
  }
  expect({ ...http_active_requests, points: http_active_requests?.points.map(timeless) }).toEqual({
    kind: 'sum',
    scope: '@org/apm',
    description: 'HTTP requests in flight.',
    unit: '',
    temporality: 'cumulative',
    monotonic: false,
    points: [{ labels: { method: 'GET' }, value: 0 }],
  });
  const url = protocol === 'grpc' ? receiver.url : `${receiver.url}/v1/metrics`;
  expect(app.stderr).toBe(`[@org/apm] metrics pushed to ${url} every 0.1 s\n`);
});

it('prefers the variables for metrics to those for all signals', async () => {
  const receiver = await startReceiver();
  const app = await startApp(PLAIN, {
    env: {
      ...FAST,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9/elsewhere',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${receiver.url.replace('//', '//user:password@')}/custom?tenant=a`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-one=1,x-two=2',
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-two=two',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'gzip',
    },
  });
  await get(app.url('/users/1'));
  await until(
    () => receiver.last,
    (push) => requestsIn(push) === 1,
  );
  expect(receiver.last).toMatchObject({
    path: '/custom?tenant=a',
    headers: {
      authorization: `Basic ${btoa('user:password')}`,
      'content-encoding': 'gzip',
      'content-type': 'application/json',
      'x-one': '1',
      'x-two': 'two',
    },
  });
  expect(app.stderr).toBe(`[@org/apm] metrics pushed to ${receiver.url}/custom every 0.1 s\n`);
});

it('keeps the path of an endpoint, and accepts one without a scheme', async () => {
  const receiver = await startReceiver();
  for (const endpoint of [`${receiver.url}/base/`, receiver.url.replace('http://', '')]) {
    const app = await startApp(PLAIN, {
      env: { ...FAST, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_INSECURE: 'true' },
    });
    await app.waitForOutput(/pushed to/);
    const path = endpoint.endsWith('/base/') ? '/base/v1/metrics' : '/v1/metrics';
    await get(app.url('/users/1'));
    await until(
      () => receiver.pushes,
      (pushes) => pushes.some((push) => push.path === path && requestsIn(push) === 1),
    );
    await app.kill();
  }
});

it('uses the certificate authority and the client certificate of its variables', async () => {
  const tls = { key: readFileSync(pem('key'), 'utf8'), cert: readFileSync(pem('cert'), 'utf8') };
  const receiver = await startReceiver({ tls: { ...tls, ca: tls.cert, requestCert: true } });
  const env = { ...FAST, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const certificates = {
    OTEL_EXPORTER_OTLP_CERTIFICATE: pem('cert'),
    OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: pem('cert'),
    OTEL_EXPORTER_OTLP_CLIENT_KEY: pem('key'),
  };
  const [trusting, strange] = await Promise.all([
    startApp(PLAIN, { env: { ...env, ...certificates } }),
    startApp(PLAIN, { env }),
  ]);
  await Promise.all([get(trusting.url('/users/1')), get(strange.url('/users/1'))]);
  await until(
    () => receiver.last,
    (push) => requestsIn(push) === 1,
  );
  await strange.waitForOutput(
    /failed to push metrics to https:\/\/localhost:\d+\/v1\/metrics: self-signed certificate.*; retrying at each interval$/m,
  );
  expect(trusting.stderr).not.toContain('failed to');
});

it('uses the certificate authority for gRPC', async () => {
  const tls = { key: readFileSync(pem('key'), 'utf8'), cert: readFileSync(pem('cert'), 'utf8') };
  const receiver = await startGrpcReceiver({ tls });
  const app = await startApp(PLAIN, {
    env: {
      ...FAST,
      // gRPC endpoints need no scheme: they use TLS unless OTEL_EXPORTER_OTLP_INSECURE is true.
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url.replace('https://', ''),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: pem('cert'),
    },
  });
  await get(app.url('/users/1'));
  await until(
    () => receiver.pushes.at(-1),
    (push) => requestsIn(push) === 1,
  );
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe(`[@org/apm] metrics pushed to ${receiver.url} every 0.1 s\n`);
});

it.each(['explicit', 'exponential'])(
  'is scraped and pushes at the same time, with a warning: %s',
  async (histogram) => {
    const receiver = await startReceiver();
    const app = await startApp(PLAIN, {
      env: {
        ...FAST,
        OTEL_METRICS_EXPORTER: 'prometheus,otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        APM_HISTOGRAM: histogram,
      },
    });
    await get(app.url('/users/1'));
    const [, url] = await app.waitForOutput(/metrics at (\S+) .*;/);
    expect((await get(url as string)).text).toContain(
      'http_requests_total{path="/users/:id",method="GET",status_code="200"} 1\n',
    );
    // Only pushes have the other kind: the text format has no exponential histograms.
    expect((await get(url as string)).text).toContain(
      'http_duration_bucket{path="/users/:id",method="GET",le="+Inf"} 1\n',
    );
    await until(
      () => receiver.last,
      (push) => requestsIn(push) === 1,
    );
    expect(app.stderr).toBe(
      `[@org/apm] ${metricsAt(url as string)}; metrics pushed to ${receiver.url}/v1/metrics every 0.1 s\n` +
        '[@org/apm] metrics are both scraped and pushed: a Prometheus that receives both counts every request twice\n',
    );
  },
);

it('does not measure its own pushes as calls of the app', async () => {
  const receiver = await startReceiver();
  const app = await startApp(PLAIN, { env: { ...FAST, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
  await get(app.url('/users/1'));
  await until(
    () => receiver.pushes.length,
    (length) => length >= 5,
  );
  for (const { metrics } of receiver.pushes) expect(Object.keys(metrics)).not.toContain('http_client_duration');
});

/** The kinds of the pushed histograms: of requests, of bodies, and of an instrument of the app. */
async function histogramKinds(
  env: Record<string, string>,
  start: () => Promise<{ url: string; pushes: Push[] }> = startReceiver,
) {
  const receiver = await start();
  const app = await startApp('test/apps/plain/instruments/app.mjs', {
    env: { ...FAST, ...env, APM_SIZES: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  await get(app.url());
  const pushed = () => receiver.pushes.at(-1);
  await until(pushed, (push) => requestsIn(push) === 1);
  await app.kill();
  const { metrics = {} } = pushed() ?? {};
  const kinds = ['http_duration', 'http_response_size_bytes', 'order.size'].map((name) => metrics[name]?.kind);
  return { kinds, duration: metrics.http_duration?.points[0]?.value };
}

const FOR_ALL = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION';
const EXPONENTIAL = 'exponentialHistogram';

it.each([
  [{}, 'histogram', 'histogram'],
  [{ [FOR_ALL]: 'base2_exponential_bucket_histogram' }, EXPONENTIAL, EXPONENTIAL],
  [{ APM_HISTOGRAM: 'exponential' }, EXPONENTIAL, 'histogram'],
  [{ [FOR_ALL]: 'base2_exponential_bucket_histogram', APM_HISTOGRAM: 'explicit' }, 'histogram', EXPONENTIAL],
])('pushes histograms of the kind that is set, and sizes with their bounds: %o', async (env, ours, theirs) => {
  expect((await histogramKinds(env)).kinds).toEqual([ours, 'histogram', theirs]);
});

it.each(Object.entries(PROTOCOLS))('pushes exponential histograms by %s', async (protocol, { start }) => {
  const env = { APM_HISTOGRAM: 'exponential', OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
  const { duration } = await histogramKinds(env, start);
  expect(duration).toEqual({
    count: 1,
    sum: expect.any(Number),
    scale: 5,
    zeros: 0,
    offset: expect.any(Number),
    buckets: [1],
  });
  const { sum = 0, offset = 0 } = duration as { sum: number; offset: number };
  expect([sum > 2 ** (offset / 32), sum <= 2 ** ((offset + 1) / 32)]).toEqual([true, true]);
});

it('pushes the last counts when it is shut down', async () => {
  const receiver = await startReceiver();
  const app = await startApp('test/apps/plain/setup.mjs', {
    flags: [],
    env: { OPTIONS: '{ "exporters": ["otlp"] }', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  await app.waitForOutput(/^\[@org\/apm\] metrics pushed to \S+ every 15 s$/m);
  await get(app.url('/users/1'));
  expect(receiver.arrived).toBe(0);
  await get(app.url('/shutdown'));
  expect(receiver.arrived).toBe(1);
  expect(requestsIn(receiver.last)).toBe(1);
});

it('logs what to install when the package for gRPC is missing', async () => {
  const copy = await copyWithoutGrpc(PLAIN);
  const app = launch(copy.app, {
    flags: ['--import', copy.register],
    env: { ...FAST, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  });
  await app.waitForOutput(/^listening/m);
  await app.waitForOutput(/nothing is pushed/);
  expect((await get(app.url('/users/1'))).text).toBe('hello /users/1');
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe(
    '[@org/apm] nothing is pushed: OTLP over grpc needs a package that is not installed; run npm install @opentelemetry/exporter-metrics-otlp-grpc@0.223.0\n',
  );
});
