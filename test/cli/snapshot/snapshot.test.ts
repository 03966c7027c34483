import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { snapshotName, snapshotTime } from '../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import { loadSnapshotSides } from '../../../src/cli/compare/sources/snapshots/snapshots.ts';
import { type App, startApp } from '../../support/app.ts';
import { call } from '../../support/call.ts';
import { until } from '../../support/exposition.ts';
import { freePort } from '../../support/free-port.ts';
import { root } from '../../support/root.ts';
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
      [1, 2, 3, 4, 5, 6].map((i) => `${i} of 6: DIR/TIME.prom\n`).join(''),
    ]);
    const names = (await readdir(out)).sort();
    const times = names.map((name) => snapshotTime(name) as number);
    expect(times[5] as number).toBeGreaterThanOrEqual((times[0] as number) + 0.85);
    expect(times[0] as number).toBeGreaterThanOrEqual(start / 1000);
    const [{ blocks }] = await loadSnapshotSides([out, out]);
    expect(blocks.map(({ from, to }) => [from, to])).toEqual(times.slice(1).map((to, i) => [times[i], to]));
    const recorded = blocks.map(({ endpoints }) => endpoints.get('GET /users/:id')?.requests ?? 0);
    const sum = recorded.reduce((all, each) => all + each, 0);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(sent);
    expect(blocks.some(({ endpoints }) => endpoints.has('GET /before'))).toBe(false);
  },
);

it('reports and skips a scrape that fails', async () => {
  const answers = [200, 500, 200, 404];
  const server = createServer((_request, response) => {
    response.writeHead(answers.shift() ?? 200).end('up 1\n');
  }).listen(0, 'localhost');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await apm(['snapshot', String(port), '--every', '50ms', '--for', '150ms', '--out', out]);
  expect([code, maskVolatile(stderr)]).toEqual([
    0,
    `1 of 4: DIR/TIME.prom
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
