import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import { snapshotName, snapshotTime } from '../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import type { ApmSnapshot } from '../../../src/snapshot.ts';
import { ask, Service } from '../../processes/group.ts';
import { type App, startApp } from '../../support/app.ts';
import { call } from '../../support/call.ts';
import { until } from '../../support/exposition.ts';
import { freePort } from '../../support/free-port.ts';
import { root } from '../../support/root.ts';
import { loadSnapshotSide } from '../compare/snapshot-files.ts';
import { apm } from '../run.ts';

const PLAIN = 'test/apps/plain/app.mjs';
let out: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apm-snapshot-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  out = join(folder, 'before');
});

const maskVolatile = (stderr: string) =>
  stderr
    .replaceAll(out, 'DIR')
    .replace(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z/g, 'TIME')
    .replace(/localhost:\d+/g, 'localhost:PORT');

const origin = async (app: App) => new URL(await app.metricsUrl()).origin;

it.each<Record<string, string>>([{}, { APM_METRIC_NAMES: 'semconv' }, { APM_AUTH_TOKEN: 'correct-horse' }])(
  'records a running app: the first scrape at once, the last at the end: %j',
  async (env) => {
    const app = await startApp(PLAIN, { env });
    const url = await origin(app);
    let sent = 0;
    let ended = false;
    const load = async () => {
      for (; !ended; sent++) await call(app.url('/users/7'));
    };
    await call(app.url('/before'));
    const loading = load();
    const start = Date.now();
    const { code, stdout, stderr } = await apm(
      ['snapshot', url, '--every', '200ms', '--for', '0.9s', '--out', out],
      env,
    );
    ended = true;
    await loading;
    expect([code, stdout, maskVolatile(stderr)]).toEqual([
      0,
      '',
      `1 of 6: DIR/TIME.json, of the service "plain"\n${[2, 3, 4, 5, 6].map((i) => `${i} of 6: DIR/TIME.json\n`).join('')}`,
    ]);
    const names = (await readdir(out)).sort();
    const times = names.map((name) => snapshotTime(name) as number);
    expect(times[5] as number).toBeGreaterThanOrEqual((times[0] as number) + 0.85);
    expect(times[0] as number).toBeGreaterThanOrEqual(start / 1000);
    const { blocks } = await loadSnapshotSide(out);
    expect(blocks.map(({ from, to }) => [from, to])).toEqual(times.slice(1).map((to, i) => [times[i], to]));
    const recorded = blocks.map(({ endpoints }) => endpoints.get('GET /users/:id')?.requests ?? 0);
    const sum = recorded.reduce((all, each) => all + each, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(sent);
    expect(blocks.some(({ endpoints }) => endpoints.has('GET /before'))).toBe(false);
    expect(blocks.at(-1)?.endpoints.get('GET /users/:id')?.histogram).toBeInstanceOf(FineHistogram);
  },
);

const COARSE = 'is recorded, and percentiles will be as coarse as its buckets';
const record = (url: string, env = {}) => apm(['snapshot', url, '--every', '50ms', '--for', '50ms', '--out', out], env);

it.each([
  ['prom-client', 'prom-client.mjs'],
  ['the SDK of OpenTelemetry', 'upstream.mjs'],
])('records the text of %s, and says that its buckets limit the percentiles', async (_, variant) => {
  const app = await startApp(PLAIN, { flags: ['--import', join(root, 'bench/variants', variant)] });
  const [, url] = await app.waitForOutput(/^metrics at (\S+)$/m);
  const { host, origin } = new URL(url as string);
  await call(app.url('/users/7'));
  const { code, stderr } = await record(host);
  expect([code, stderr.replaceAll(out, 'DIR').replace(/\d{4}-\d\d-\S+Z/g, 'TIME')]).toEqual([
    0,
    `${origin} has no /snapshot: the text of /metrics ${COARSE}\n1 of 2: DIR/TIME.prom\n2 of 2: DIR/TIME.prom\n`,
  ]);
  expect((await readdir(out)).every((name) => name.endsWith('.prom'))).toBe(true);
});

it('records what the path of a URL has: the text, or snapshots', async () => {
  const metrics = await startApp(PLAIN);
  const url = await metrics.metricsUrl();
  const onApp = await startApp(PLAIN, { env: { APM_METRICS_ON_APP: '/metrics' } });
  const inCode = await startApp('test/apps/labels/functions.mjs', { flags: [] });
  const hint = 'without a path in the URL, a metrics server of @org/apm gives finer ones';
  const ends: unknown[] = [];
  for (const [name, given] of Object.entries({
    text: url,
    snapshots: url.replace(/\/metrics$/, '/snapshot'),
    onApp: onApp.url('/metrics'),
    inCode: `http://127.0.0.1:${inCode.port}/metrics`,
  })) {
    const { code, stderr } = await apm([
      'snapshot',
      given,
      '--every',
      '50ms',
      '--for',
      '50ms',
      '--out',
      join(out, name),
    ]);
    const [extension] = (await readdir(join(out, name))).map((file) => extname(file));
    ends.push([
      name,
      code,
      extension,
      stderr
        .split('\n')[0]
        ?.replaceAll(given, 'URL')
        .replace(/^1 of 2: .*$/, '1 of 2'),
    ]);
  }
  expect(ends).toEqual([
    ['text', 0, '.prom', `the text of URL ${COARSE}; ${hint}`],
    ['snapshots', 0, '.json', '1 of 2'],
    ['onApp', 0, '.prom', `the text of URL ${COARSE}; ${hint}`],
    ['inCode', 0, '.prom', `the text of URL ${COARSE}; ${hint}`],
  ]);
});

it('finds the snapshots of a metrics server whose scrape has their path', async () => {
  const env = { APM_METRICS_PATH: '/snapshot' };
  const app = await startApp(PLAIN, { env });
  const { code } = await record(await origin(app), env);
  expect([code, ...(await readdir(out)).map((name) => extname(name))]).toEqual([0, '.json', '.json']);
});

/** Saves snapshots one by one, so that a test decides what happens between two of them. */
async function saveSnapshots(url: string): Promise<() => Promise<ApmSnapshot>> {
  await mkdir(out);
  return async () => {
    const text = await (await fetch(url)).text();
    const snapshot = JSON.parse(text) as ApmSnapshot;
    await writeFile(join(out, snapshotName(new Date(snapshot.time), 'json')), text);
    return snapshot;
  };
}

/** undefined while no process answers. */
const readSnapshot = async (url: string): Promise<ApmSnapshot | undefined> => {
  const response = await fetch(url).catch(() => undefined);
  return response?.ok ? ((await response.json()) as ApmSnapshot) : undefined;
};
const countIn = ({ requests }: ApmSnapshot) => requests.reduce((sum, series) => sum + series.requests, 0);
/** The requests of each block: those of `/`. */
const recorded = async () =>
  (await loadSnapshotSide(out)).blocks.map(({ endpoints }) => endpoints.get('GET /')?.requests ?? 0);

it('loses and repeats no request of a service that is restarted', async () => {
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: await freePort() };
  const save = await saveSnapshots(`http://localhost:${env.OTEL_EXPORTER_PROMETHEUS_PORT}/snapshot`);
  let app = await startApp(PLAIN, { env });
  await app.metricsUrl();
  await call(app.url('/'));
  const counts = [1];
  await until(save, (snapshot) => countIn(snapshot) === 1);
  for (const count of [5, 7]) {
    for (let i = 0; i < count; i++) await call(app.url('/'));
    await until(save, (snapshot) => countIn(snapshot) === count + (counts.length === 1 ? 1 : 0));
    counts.push(count);
    await app.kill();
    app = await startApp(PLAIN, { env });
    await app.metricsUrl();
  }
  const blocks = await recorded();
  expect(blocks.reduce((sum, count) => sum + count, 0)).toBe(12);
  expect(blocks.at(-1)).toBe(7);
  expect((await loadSnapshotSide(out)).starts?.length).toBe(2);
});

it('repeats no request when another process of the service takes over, and counts on', async () => {
  const service = await Service.create();
  const start = async () => {
    const app = await service.start('one-server.mjs');
    await app.waitForOutput(/metrics at/);
    return app;
  };
  const save = await saveSnapshots(`http://localhost:${service.port}/snapshot`);
  const saveOnce = async (count: number) => {
    await until(
      () => readSnapshot(`http://localhost:${service.port}/snapshot`),
      (snapshot) => snapshot !== undefined && countIn(snapshot) === count,
    );
    await save();
  };
  const [first, second] = [await start(), await start()];
  await saveOnce(0);
  await ask(first.port, 3);
  await ask(second.port, 4);
  await saveOnce(7);
  await ask(first.port, 1, '/exit');
  await first.exit;
  // The new leader also has the seven, which no scrape has shown: nobody knows which of its counts are new.
  await saveOnce(8);
  await ask(second.port, 6);
  await saveOnce(14);
  const third = await start();
  await ask(third.port, 2);
  await saveOnce(16);
  expect(await recorded()).toEqual([7, 0, 6, 2]);
  expect((await loadSnapshotSide(out)).starts?.length).toBe(3);
});

it('reports and skips a scrape that fails', async () => {
  const answers = [200, 500, 200, 404];
  const server = createServer(({ url }, response) => {
    if (url !== '/metrics') return response.writeHead(404).end();
    response.writeHead(answers.shift() ?? 200).end('up 1\n');
  }).listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await apm(['snapshot', String(port), '--every', '50ms', '--for', '150ms', '--out', out]);
  expect([code, maskVolatile(stderr)]).toEqual([
    0,
    `http://localhost:PORT has no /snapshot: the text of /metrics ${COARSE}
1 of 4: DIR/TIME.prom
2 of 4: skipped: http://localhost:PORT/metrics answers 500 Internal Server Error; give the URL that the service logs: "metrics at ..."
3 of 4: DIR/TIME.prom
4 of 4: skipped: http://localhost:PORT/metrics answers 404 Not Found; give the URL that the service logs: "metrics at ..."
`,
  ]);
  expect((await readdir(out)).length).toBe(2);
});

it('keeps the snapshots after Ctrl-C', async () => {
  const app = await startApp(PLAIN);
  const args = ['snapshot', await origin(app), '--every', '100ms', '--for', '1h', '--out', out];
  const child = spawn(process.execPath, [join(root, 'dist/cli/apm.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stderr = text(child.stderr);
  await until(
    () => readdir(out).catch(() => []),
    (names) => names.filter((name) => !name.startsWith('.')).length >= 2,
  );
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([0, null]);
  const names = await readdir(out);
  expect(names.every((name) => snapshotTime(name) !== undefined && !name.startsWith('.'))).toBe(true);
  expect((await stderr).trim().split('\n').length).toBe(names.length);
});

it('reports in one line why nothing can be recorded', async () => {
  const port = await freePort();
  const errorOf = async (url: string, env = {}) => {
    const { code, stdout, stderr } = await apm(
      ['snapshot', url, '--every', '50ms', '--for', '50ms', '--out', out],
      env,
    );
    expect([code, stdout]).toEqual([2, '']);
    return maskVolatile(stderr);
  };
  expect(await errorOf(port)).toBe(
    'apm snapshot: http://localhost:PORT is not reachable: nothing listens there; start the service with the preload, and give the URL that the service logs: "metrics at ..."\n',
  );
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'correct-horse' } });
  const url = await origin(app);
  expect(await errorOf(url)).toBe(
    'apm snapshot: http://localhost:PORT/metrics requires a bearer token; set it in the environment: APM_AUTH_TOKEN=...\n',
  );
  expect(await errorOf(url, { APM_AUTH_TOKEN: 'battery-staple' })).toBe(
    'apm snapshot: http://localhost:PORT/metrics refuses the token in APM_AUTH_TOKEN; use the token of the service\n',
  );
  expect(await errorOf(app.url('/not-metrics'))).toBe(
    `apm snapshot: ${app.url('/not-metrics')} is not a scrape: line 1 is "hello /not-metrics"; expected the text of /metrics, as apm snapshot saves it\n`,
  );
  expect(await readdir(join(out, '..'))).toEqual([]);
});

it('refuses a directory that already contains snapshots', async () => {
  const app = await startApp(PLAIN);
  const args = ['snapshot', await origin(app), '--every', '50ms', '--for', '50ms', '--out', out];
  expect((await apm(args)).code).toBe(0);
  const again = await apm(args);
  expect([again.code, maskVolatile(again.stderr)]).toEqual([
    2,
    'apm snapshot: DIR already contains snapshots, and two recordings must not mix; change --out\n',
  ]);
  expect(snapshotTime(snapshotName(new Date(0), 'json'))).toBe(0);
});

it.each([
  [['snapshot'], '--out: expected a directory; got none'],
  [['snapshot', '1', '2'], 'expected one URL or PORT; got 2'],
  [['snapshot', '--out', 'x', '--every', '15'], '--every: expected a duration such as 15s or 5m; got "15"'],
  [['snapshot', '--out', 'x', '--for', '0s'], '--for: expected a duration such as 15s or 5m; got "0s"'],
  [['snapshot', '--out', 'x', '--every', '1h'], '--every: expected no more than --for, 5m; got 1h'],
  [['snapshot', 'shop', '--out', 'x'], 'expected a URL or a port; got "shop"'],
])('reports a usage error in one line: %j', async (args, line) => {
  expect(await apm(args)).toEqual({ code: 2, stdout: '', stderr: `apm snapshot: ${line}; see apm snapshot --help\n` });
});
