import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ExplicitHistogram } from '../../../../../src/base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../../../../src/base/histogram/fine-histogram.ts';
import { type RoundsOptions, runRounds } from '../../../../../src/cli/compare/sources/rounds/rounds.ts';
import { DEFAULT_BUCKETS } from '../../../../../src/semconv.ts';
import { comparableSides } from '../../../../../src/statistics/comparable-sides.ts';
import type { Side } from '../../../../../src/statistics/model.ts';
import { register } from '../../../../support/app.ts';
import { until } from '../../../../support/exposition.ts';
import { freePort } from '../../../../support/free-port.ts';
import { root } from '../../../../support/root.ts';

const app = (name: string) => join(root, 'test/apps/cli', name);
const SERVICE = `node ${JSON.stringify(app('service.mjs'))}`;
const LOAD = `node ${JSON.stringify(app('load.mjs'))}`;

let env: Record<string, string>;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apm-rounds-'));
  const [PIDS, CALLS] = [join(folder, 'pids'), join(folder, 'calls')] as const;
  env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', SHOP_PORT: await freePort(), PIDS, CALLS };
  onTestFinished(async () => {
    for (const pid of await runningPids()) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true });
  });
});

const read = (file: string | undefined) => readFile(file as string, 'utf8').catch(() => '');

/** Whether a process has exited but still has an entry, because no init process reaps it. Known only on Linux. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** The pids of the started processes that still run. */
async function runningPids(): Promise<number[]> {
  const pids = (await read(env.PIDS)).split('\n').filter(Boolean).map(Number);
  return pids.filter((pid) => {
    try {
      return process.kill(pid, 0) && !isZombie(pid);
    } catch {
      return false;
    }
  });
}

const rounds = (options: Partial<RoundsOptions>) =>
  runRounds({
    random: () => 0.999,
    rounds: 1,
    a: SERVICE,
    b: SERVICE,
    load: LOAD,
    env,
    preload: register,
    ...options,
  });

async function errorOf(options: Partial<RoundsOptions>): Promise<string> {
  const error: unknown = await rounds(options).catch((thrown: unknown) => thrown);
  expect(await runningPids()).toEqual([]);
  return String(error).replace(/localhost:\d+/g, 'localhost:PORT');
}

it('runs both sides under the load in new processes, and counts exactly the requests of the load', async () => {
  const progress: string[] = [];
  const start = Date.now() / 1000;
  const [a, b] = await rounds({
    rounds: 3,
    b: `DELAY=20 exec ${SERVICE}`,
    onProgress: (line) => void progress.push(line),
  });
  expect(await read(env.CALLS)).toBe('a1 /metrics\nb1 /metrics\nb2 /metrics\na2 /metrics\na3 /metrics\nb3 /metrics\n');
  for (const side of [a, b]) {
    const requests = side.blocks.map(({ endpoints }) =>
      [...endpoints].map(([key, { requests, errors }]) => [key, requests, errors]),
    );
    expect(requests).toEqual(
      Array(3).fill([
        ['GET /a', 2, 0],
        ['GET /b', 1, 0],
      ]),
    );
    for (const { from, to } of side.blocks) expect(from > start && from < to).toBe(true);
  }
  expect([a.name, b.name, a.bounds?.length, b.bounds]).toEqual(['a', 'b', 17, a.bounds]);
  const timed = b.blocks.flatMap(({ endpoints }) => [...endpoints.values()]);
  for (const { histogram, seconds, requests } of timed) {
    expect(histogram.total).toBe(requests);
    expect(seconds).toBeGreaterThanOrEqual(requests * 0.019);
  }
  expect(progress.map((line) => line.replace(/[\d.]+ s$/, 'T s'))).toEqual(
    [
      'round 1 of 3, a',
      'round 1 of 3, b',
      'round 2 of 3, b',
      'round 2 of 3, a',
      'round 3 of 3, a',
      'round 3 of 3, b',
    ].map((run) => `${run}: 3 requests in T s`),
  );
  expect((await read(env.PIDS)).split('\n').length).toBe(6 * 3 + 1);
  expect(await runningPids()).toEqual([]);
});

it('accepts a command that already has the preload, its own settings, a token and another path', async () => {
  const customEnv = {
    ...env,
    APM_AUTH_TOKEN: 'correct-horse',
    APM_METRICS_PATH: '/m',
    APM_METRICS_ON_APP: '/metrics',
    OTEL_METRICS_EXPORTER: 'otlp',
  };
  const service = SERVICE.replace('node ', `node --import ${register} `);
  const [a] = await rounds({ env: customEnv, a: service, token: 'correct-horse' });
  expect([...(a.blocks[0]?.endpoints.keys() ?? [])]).toEqual(['GET /a', 'GET /b']);
  expect(await read(env.CALLS)).toBe('a1 /m\nb1 /m\n');
});

it('kills processes that ignore SIGTERM', async () => {
  await rounds({ env: { ...env, STUBBORN: '1' } });
  expect((await read(env.PIDS)).split('\n').length).toBe(2 * 3 + 1);
  expect(await runningPids()).toEqual([]);
});

it('reports in one line which command failed, with its last output, and leaves no process behind', async () => {
  expect(await errorOf({ a: 'echo starting; echo "cannot find the database" >&2; exit 3' })).toBe(
    'InputError: round 1, a: the service exited (code 3): starting / cannot find the database; its command must keep running until it is stopped',
  );
  expect(await errorOf({ b: `node -e 'null.x'` })).toMatch(
    /^InputError: round 1, b: the service exited \(code 1\): TypeError: Cannot read properties of null \(reading 'x'\); its command must keep running until it is stopped$/,
  );
  expect(await errorOf({ load: 'echo 3 of 5 requests failed; exit 1' })).toBe(
    'InputError: round 1, a: the load failed (code 1): 3 of 5 requests failed',
  );
  expect(await errorOf({ load: 'true' })).toBe(
    'InputError: round 1, a: the service got no request; check that the load uses the port of the service',
  );
  expect(await errorOf({ env: { ...env, PATHS: '/a,/crash' } })).toMatch(
    /^InputError: round 1, a: the (service exited \(code 1\)|load failed \(code 1\)): /,
  );
  expect(await errorOf({ a: 'sleep 600', readyTimeoutSeconds: 0.5 })).toBe(
    'InputError: round 1, a: not ready within 0.5 s: http://localhost:PORT is not reachable: nothing listens there; the service must listen by then, and its command must keep NODE_OPTIONS and OTEL_EXPORTER_PROMETHEUS_PORT',
  );
});

const histogramOf = ({ blocks }: Side) => blocks[0]?.endpoints.get('GET /a')?.histogram;

it('takes percentiles from fine histograms, whatever the buckets are', async () => {
  const sides = await rounds({ b: `APM_BUCKETS=1,2 exec ${SERVICE}` });
  expect(sides.map(({ bounds }) => bounds)).toEqual([DEFAULT_BUCKETS, [1, 2]]);
  for (const side of sides) {
    expect(histogramOf(side)).toBeInstanceOf(FineHistogram);
    expect(histogramOf(side)?.total).toBe(2);
  }
});

it('takes them from the buckets of both builds where one has only these', async () => {
  const b = `OTEL_SDK_DISABLED=true exec node ${JSON.stringify(app('prom-client.mjs'))}`;
  for (const side of comparableSides(await rounds({ b }))) {
    expect(histogramOf(side)).toBeInstanceOf(ExplicitHistogram);
    expect(histogramOf(side)?.total).toBe(2);
  }
  expect(await errorOf({ a: `APM_BUCKETS=1,2 exec ${SERVICE}`, b })).toMatch(
    /^BoundsMismatch: http:\/\/localhost:PORT\/metrics has histogram bounds 0\.005 .* 10, but 1 2 were expected: /,
  );
});

it.each([
  ['while the load runs', `${LOAD}; sleep 600`, 1, 'Interrupted\n'],
  ['a second time, while a process ignores SIGTERM', `${LOAD}; sleep 600`, 2, ''],
])('leaves no process behind after Ctrl-C: %s', async (_when, load, times, output) => {
  const stubborn = times === 2 ? { STUBBORN: '1' } : {};
  const child = spawn(process.execPath, [app('rounds.mjs'), SERVICE, SERVICE, load], {
    env: { ...env, ...stubborn },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stdout = text(child.stdout);
  await until(
    () => read(env.CALLS),
    (calls) => calls !== '',
  );
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  if (times === 2) {
    // The command has sent SIGTERM to the processes, and they still run.
    await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGINT');
    // Pending signals of the same kind are merged into one.
    const again = setInterval(() => child.kill('SIGINT'), 100);
    onTestFinished(() => clearInterval(again));
  }
  const [code] = await exit;
  expect(code).toBe(times === 2 ? 130 : 0);
  expect(await stdout).toBe(output);
  expect(await until(runningPids, (pids) => pids.length === 0)).toEqual([]);
});

it('refuses a service that left its process group, instead of measuring it again', async () => {
  // The service runs in another process group, as a daemon does.
  const daemon = `node -e 'require("node:child_process").spawn("sh", ["-c", process.env.REAL], { detached: true }); setInterval(() => {}, 1e6)'`;
  const error: unknown = await rounds({ env: { ...env, REAL: SERVICE }, a: daemon }).catch((thrown: unknown) => thrown);
  expect(String(error)).toBe(
    'InputError: round 1, a: the service still runs after its command was stopped; stop it, and keep the command in the foreground: no daemon, no setsid, no docker run -d',
  );
});

it('leaves no process behind after kill -9', async () => {
  const child = spawn(process.execPath, [app('rounds.mjs'), SERVICE, SERVICE, `${LOAD}; sleep 600`], {
    env: { ...env, STUBBORN: '1' },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(
    () => read(env.CALLS),
    (calls) => calls !== '',
  );
  expect((await runningPids()).length).toBeGreaterThan(0);
  child.kill('SIGKILL');
  expect(await until(runningPids, (pids) => pids.length === 0)).toEqual([]);
});

it('finds a service that uses another port because its own is in use', async () => {
  const other = createServer().listen(0, 'localhost');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const [a] = await rounds({ a: `OTEL_EXPORTER_PROMETHEUS_PORT=${port} exec ${SERVICE}` });
  expect(a.blocks.map(({ endpoints }) => [...endpoints.keys()])).toEqual([['GET /a', 'GET /b']]);
});
