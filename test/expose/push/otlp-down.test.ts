import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type App, startApp } from '../../support/app.ts';
import { samples, until } from '../../support/exposition.ts';
import { type Push, startReceiver } from '../../support/receiver.ts';
import { freePort, get } from '../get.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const FAST = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_METRIC_EXPORT_INTERVAL: '100' };

const total = (push: Push | undefined): number =>
  (push?.metrics.http_requests_total?.points ?? []).reduce((sum, { value }) => sum + (value as number), 0);

async function ask(app: App, times: number, path = '/users/1'): Promise<void> {
  for (let i = 0; i < times; i++) expect((await get(app.url(path))).status).toBe(200);
}

it('loses no count while the receiver refuses pushes or is closed, and logs the failure once', async () => {
  const first = await startReceiver();
  const app = await startApp(PLAIN, { env: { ...FAST, OTEL_EXPORTER_OTLP_ENDPOINT: first.url } });
  await ask(app, 3);
  await until(
    () => first.last,
    (push) => total(push) === 3,
  );
  first.answer = 503;
  const { arrived } = first;
  await ask(app, 2);
  await until(
    () => first.arrived,
    (now) => now >= arrived + 3,
  );
  await first.close();
  await ask(app, 4);
  const second = await startReceiver({ port: first.port });
  await until(
    () => second.last,
    (push) => total(push) === 9,
  );
  await app.waitForOutput(/again$/m);
  const url = `${first.url}/v1/metrics`;
  expect(app.stderr).toBe(
    `[@org/apm] metrics pushed to ${url} every 0.1 s\n` +
      `[@org/apm] failed to push metrics to ${url}: Export failed with retryable status; retrying at each interval\n` +
      `[@org/apm] pushes to ${url} succeed again\n`,
  );
});

const TOO_LARGE = 'http: request body too large';

it.each([
  ['a Collector, in protobuf', `\b\x03\x12${String.fromCharCode(TOO_LARGE.length)}${TOO_LARGE}`, TOO_LARGE],
  ['a Collector, in JSON', `{"code":3, "message":"${TOO_LARGE}"}`, `{"code":3, "message":"${TOO_LARGE}"}`],
  ['a proxy, with a page', `<h1>no</h1>\n${'x'.repeat(9999)}`, '<h1>no</h1>'],
])('logs the reason when a push is refused by %s', async (_, body, reason) => {
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(400).end(body));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void receiver.close().closeAllConnections());
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const app = await startApp(PLAIN, { env: { ...FAST, OTEL_EXPORTER_OTLP_ENDPOINT: url } });
  await ask(app, 1);
  await app.waitForOutput(/retrying at each interval/);
  expect(app.stderr.split('\n').slice(1)).toEqual([
    `[@org/apm] failed to push metrics to ${url}/v1/metrics: Bad Request (${reason}); retrying at each interval`,
    '',
  ]);
});

/** Adds up deltas by metric and labels, as a backend does. Checks that the intervals of a series do not overlap. */
function sumDeltas(pushes: Push[]) {
  const sums: Record<string, number> = {};
  const ends: Record<string, number> = {};
  for (const { metrics } of pushes) {
    for (const [name, { temporality, points, kind }] of Object.entries(metrics)) {
      expect([name, temporality]).toEqual([name, name === 'http_active_requests' ? 'cumulative' : 'delta']);
      if (temporality !== 'delta') continue;
      for (const { labels, value, start, time } of points) {
        const key = `${name}{${Object.entries(labels).map(([label, text]) => `${label}="${text}"`)}}`;
        expect(start).toBeGreaterThanOrEqual(ends[key] ?? 0);
        ends[key] = time;
        if (typeof value === 'number') {
          expect([key, value > 0, kind]).toEqual([key, true, 'sum']);
          sums[key] = (sums[key] ?? 0) + value;
          continue;
        }
        const [count, sum] = [key.replace('{', '_count{'), key.replace('{', '_sum{')];
        sums[count] = (sums[count] ?? 0) + value.count;
        sums[sum] = (sums[sum] ?? 0) + (value.sum ?? 0);
        expect(value.buckets?.reduce((a, b) => a + b, value.zeros ?? 0)).toBe(value.count);
      }
    }
  }
  return sums;
}

it.each([
  ['delta', 'explicit'],
  ['delta', 'exponential'],
  ['lowmemory', 'explicit'],
])('pushes deltas that add up to the totals: %s, %s histograms', async (preference, histogram) => {
  const first = await startReceiver();
  const app = await startApp('test/apps/outgoing/app.mjs', {
    env: {
      ...FAST,
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_EXPORTER_OTLP_ENDPOINT: first.url,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference,
      APM_HISTOGRAM: histogram,
    },
  });
  const [, url] = await app.waitForOutput(/metrics at (\S+) .*;/);
  const path = `/call?how=http.get&url=${encodeURIComponent(app.url('/call?how=none'))}`;
  await ask(app, 3, path);
  await until(
    () => first.pushes.length,
    (pushes) => pushes >= 2,
  );
  first.answer = 503;
  await ask(app, 2, path);
  const { arrived } = first;
  await until(
    () => first.arrived,
    (now) => now >= arrived + 2,
  );
  await ask(app, 1, '/?first seen while the receiver is down');
  await first.close();
  await ask(app, 4, path);
  const second = await startReceiver({ port: first.port });
  await app.waitForOutput(/again$/m);
  await ask(app, 1, path);

  const totals = Object.fromEntries(
    Object.entries(samples((await get(url as string)).text)).filter(([name]) =>
      /^http_.*_(total|count|sum)\{/.test(name),
    ),
  );
  expect(Object.keys(totals).length).toBe(8);
  const host = new URL(app.url()).host;
  expect(totals[`http_client_duration_count{host="${host}",method="GET",status_code="200"}`]).toBe(10);
  const sums = await until(
    () => sumDeltas([...first.pushes, ...second.pushes]),
    (found) => found['http_requests_total{path="/call",method="GET",status_code="200"}'] === 20,
  );
  expect(Object.keys(sums).sort()).toEqual(Object.keys(totals).sort());
  for (const [name, value] of Object.entries(totals))
    expect([name, sums[name]]).toEqual([name, expect.closeTo(value, 9)]);
});

/** The intervals of all deltas of a push, each once. */
const deltaIntervals = ({ metrics }: Push): string[] => {
  const deltas = Object.values(metrics).filter(({ temporality }) => temporality === 'delta');
  return [...new Set(deltas.flatMap(({ points }) => points.map(({ start, time }) => `${start} ${time}`)))];
};

it('begins the interval of every delta where the last push that arrived has ended, and ends it now', async () => {
  const receiver = await startReceiver();
  const before = Date.now();
  const app = await startApp('test/apps/ending/app.mjs', {
    args: ['exit'],
    env: {
      ...FAST,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    },
  });
  const listening = Date.now();
  const loadUntil = async (done: () => boolean) => {
    while (!done()) await ask(app, 1);
  };
  await loadUntil(() => receiver.pushes.length >= 3);
  receiver.answer = 503;
  const { arrived } = receiver;
  await loadUntil(() => receiver.arrived >= arrived + 2);
  receiver.answer = 200;
  await loadUntil(() => receiver.pushes.length >= 6);
  await get(app.url('/end'));
  await app.exit;

  const { orders, http_duration } = receiver.pushes[0]?.metrics ?? {};
  expect([orders?.points.length, http_duration?.points.length]).toEqual([1, 1]);
  const intervals = receiver.pushes.flatMap(deltaIntervals).map((text) => text.split(' ').map(Number));
  // One interval for all metrics of a push; the last push is the one at the exit.
  expect(intervals.length).toBe(receiver.pushes.length);
  const [[first = 0] = []] = intervals;
  expect(first / 1e6).toBeGreaterThan(before - 100);
  expect(first / 1e6).toBeLessThan(listening);
  expect(intervals.slice(1).map(([start]) => start)).toEqual(intervals.slice(0, -1).map(([, end]) => end));
  for (const [start = 0, end = 0] of intervals) expect(end).toBeGreaterThan(start);
});

it('stops a push that takes too long, and starts none while one is in flight', async () => {
  const receiver = await startReceiver();
  receiver.answer = 'hang';
  const app = await startApp(PLAIN, {
    env: {
      ...FAST,
      OTEL_METRIC_EXPORT_INTERVAL: '20',
      OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
      OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: '300',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    },
  });
  await ask(app, 2);
  await app.waitForOutput(/failed to push metrics to \S+: Request timed out; retrying at each interval$/m);
  await until(
    () => receiver.arrived,
    (arrived) => arrived >= 2,
  );
  receiver.answer = 200;
  await until(
    () => receiver.last,
    (push) => total(push) === 2,
  );
  expect(receiver.maxConcurrent).toBe(1);
});

it('stops a push after OTEL_METRIC_EXPORT_TIMEOUT', async () => {
  const receiver = await startReceiver();
  receiver.answer = 'hang';
  const app = await startApp(PLAIN, {
    env: { ...FAST, OTEL_METRIC_EXPORT_TIMEOUT: '100', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  await ask(app, 1);
  await app.waitForOutput(/Request timed out/);
});

it.each(['hang', 503, 'refused', 'grpc refused'] as const)('does not keep an app alive: %s', async (answer) => {
  const receiver = await startReceiver();
  const refused = typeof answer === 'string' && answer.endsWith('refused');
  if (!refused) receiver.answer = answer as 'hang' | number;
  const app = await startApp(PLAIN, {
    env: {
      ...FAST,
      OTEL_EXPORTER_OTLP_ENDPOINT: refused ? `http://localhost:${await freePort()}` : receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: answer === 'grpc refused' ? 'grpc' : 'http/protobuf',
      // Longer than the test waits for the end of the process.
      OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
    },
  });
  await ask(app, 1);
  if (answer === 'hang') {
    await until(
      () => receiver.arrived,
      (arrived) => arrived > 0,
    );
  } else await app.waitForOutput(/failed to push .*\b(ECONNREFUSED|retryable)\b.*; retrying at each interval$/m);
  await ask(app, 1, '/end');
  const since = performance.now();
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(performance.now() - since).toBeLessThan(10_000);
});
