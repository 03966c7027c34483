import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { type Push, startGrpcReceiver, startReceiver } from '../support/receiver.ts';
import { get } from './get.ts';

const APP = 'test/apps/ending/app.mjs';
/** The interval is an hour, so the only push is the one at exit. */
const OTLP = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '3600000' };

const value = (push: Push | undefined, name: string): number =>
  (push?.metrics[name]?.points ?? []).reduce((sum, point) => sum + (point.value as number), 0);

/** Waits for the exit of an app. Returns its exit code, signal and output, without the lines of this package. */
async function readOutcome(app: App) {
  const exit = await app.exit;
  const stderr = app.stderr.replace(/^(\[@org\/apm\]|\(node:\d+\) ExperimentalWarning|\(Use `node --trace).*\n/gm, '');
  return { ...exit, stdout: app.stdout.replace(/\d{4,}/g, 'PORT'), stderr };
}

/** Starts the app, sends four requests, and ends it by a signal or by a request to /end. */
async function run(how: string, options: Parameters<typeof startApp>[1], signal?: NodeJS.Signals) {
  const app = await startApp(APP, { ...options, args: [how] });
  for (let i = 0; i < 4; i++) await get(app.url('/users/1'));
  // The SDK is loaded only after the server listens.
  if (options?.env) await app.waitForOutput(/metrics pushed to/);
  if (signal) app.child.kill(signal);
  else await get(app.url('/end'));
  return readOutcome(app);
}

const ENDINGS: [how: string, signal?: NodeJS.Signals][] = [
  ['exit'],
  ['empty'],
  ['exit code'],
  ['throw'],
  ['reject'],
  ['exit in exit'],
  ['throw in exit'],
  ['before exit'],
  ['drain', 'SIGTERM'],
  ['exit on signal', 'SIGTERM'],
  ['exit on signal', 'SIGINT'],
];

it.each(ENDINGS)('pushes the last counts, and exits as without the preload: %s %s', async (how, signal) => {
  const receiver = await startReceiver();
  const alone = await run(how, { flags: [] }, signal);
  expect(await run(how, { env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } }, signal)).toEqual(alone);
  expect(receiver.pushes.length).toBe(1);
  expect(value(receiver.last, 'http_requests_total')).toBe(signal ? 4 : 5);
  expect(value(receiver.last, 'orders')).toBe(signal ? 4 : 5);
});

it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)(
  'exits at once by %s, as without the preload, and pushes nothing',
  async (signal) => {
    const receiver = await startReceiver();
    const alone = await run('nothing', { flags: [] }, signal);
    expect(alone.signal).toBe(signal);
    expect(await run('nothing', { env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } }, signal)).toEqual(
      alone,
    );
    expect(receiver.arrived).toBe(0);
  },
);

it.each(NODE_VERSIONS)('pushes the last counts on Node %s', async (version) => {
  const receiver = await startReceiver();
  await run('exit', { env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, node: node(version) });
  expect(receiver.pushes.map((push) => value(push, 'http_requests_total'))).toEqual([5]);
});

it('pushes the last counts by gRPC, with exponential histograms', async () => {
  const { url, pushes } = await startGrpcReceiver();
  const env = { ...OTLP, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', APM_HISTOGRAM: 'exponential' };
  await run('exit', { env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: url } });
  expect(pushes.map((push) => value(push, 'http_requests_total'))).toEqual([5]);
  const [push] = pushes;
  expect(push?.metrics.http_duration?.points).toMatchObject([{ value: { count: 4 } }, { value: { count: 1 } }]);
  expect(push?.metrics.http_duration?.kind).toBe('exponentialHistogram');
});

it('pushes the last counts with the same resource as before, and no delta twice', async () => {
  const receiver = await startReceiver();
  const env = {
    ...OTLP,
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  };
  const app = await startApp(APP, { env, args: ['exit'] });
  for (let i = 0; i < 4; i++) await get(app.url('/users/1'));
  const total = () => receiver.pushes.reduce((sum, push) => sum + value(push, 'http_requests_total'), 0);
  await until(total, (sum) => sum === 4);
  await get(app.url('/end'));
  await app.exit;
  expect(total()).toBe(5);
  expect(new Set(receiver.pushes.map(({ resource }) => resource['service.instance.id'])).size).toBe(1);
});

it('pushes nothing at exit when the last push had everything', async () => {
  const receiver = await startReceiver();
  const env = { ...OTLP, OTEL_METRIC_EXPORT_INTERVAL: '1000', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
  const app = await startApp(APP, { env, args: ['exit on signal'] });
  await get(app.url('/users/1'));
  await until(
    () => value(receiver.last, 'http_requests_total'),
    (count) => count === 1,
  );
  const { arrived } = receiver;
  app.child.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 4, signal: null });
  expect(receiver.arrived).toBe(arrived);
});

it('waits at most a second for a receiver that hangs, and not for a closed one', async () => {
  const receiver = await startReceiver();
  receiver.answer = 'hang';
  const alone = await run('exit', { flags: [] });
  const started = performance.now();
  expect(await run('exit', { env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })).toEqual(alone);
  // The limit includes the start and the requests.
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(receiver.arrived).toBe(1);
  await receiver.close();
  expect(await run('exit', { env: { ...OTLP, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } })).toEqual(alone);
});

it('answers scrapes until a draining process exits', async () => {
  const app = await startApp(APP, { args: ['drain'] });
  const url = await app.metricsUrl();
  // In flight until its body ends.
  const slow = request(app.url('/slow'), { method: 'POST', agent: false });
  const answer = new Promise<IncomingMessage>((resolve, reject) => slow.on('response', resolve).on('error', reject));
  slow.flushHeaders();
  await until(
    async () => (await get(url)).text,
    (exposition) => exposition.includes('http_active_requests{method="POST"} 1'),
  );
  app.child.kill('SIGTERM');
  // The app accepts no more connections, and is still scraped.
  await until(
    () =>
      get(app.url('/')).then(
        () => 'accepted',
        () => 'refused',
      ),
    (state) => state === 'refused',
  );
  expect((await get(url)).text).toContain('http_active_requests{method="POST"} 1');
  slow.end();
  expect(await text(await answer)).toBe('late');
  expect(await app.exit).toEqual({ code: 0, signal: null });
});
