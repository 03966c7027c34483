import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { type RoundsOptions, sidesOfRounds } from '../../../../../src/cli/compare/sources/rounds/rounds.ts';
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
    for (const pid of await alive()) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true });
  });
});

const read = (file: string | undefined) => readFile(file as string, 'utf8').catch(() => '');

/** What has ended, and has no init process to ask how. Only Linux says. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Of all that was started, what still runs. */
async function alive(): Promise<number[]> {
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
  sidesOfRounds({
    chance: () => 0.999,
    rounds: 1,
    a: SERVICE,
    b: SERVICE,
    load: LOAD,
    env,
    preload: register,
    ...options,
  });

async function refused(options: Partial<RoundsOptions>): Promise<string> {
  const error: unknown = await rounds(options).catch((thrown: unknown) => thrown);
  expect(await alive()).toEqual([]);
  return String(error).replace(/localhost:\d+/g, 'localhost:PORT');
}

it('runs both sides under the load by turns, each in a process of its own, and counts exactly what the load sent', async () => {
  const told: string[] = [];
  const start = Date.now() / 1000;
  const [a, b] = await rounds({ rounds: 3, b: `DELAY=20 exec ${SERVICE}`, say: (line) => void told.push(line) });
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
  expect([a.name, b.name, a.bounds.length, b.bounds]).toEqual(['a', 'b', 17, a.bounds]);
  const timed = b.blocks.flatMap(({ endpoints }) => [...endpoints.values()]);
  for (const { counts, seconds, requests } of timed) {
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(requests);
    expect(seconds).toBeGreaterThanOrEqual(requests * 0.019);
  }
  expect(told.map((line) => line.replace(/[\d.]+ s$/, 'T s'))).toEqual(
    [
      'round 1 of 3, a',
      'round 1 of 3, b',
      'round 2 of 3, b',
      'round 2 of 3, a',
      'round 3 of 3, a',
      'round 3 of 3, b',
    ].map((who) => `${who}: 3 requests in T s`),
  );
  expect((await read(env.PIDS)).split('\n').length).toBe(6 * 3 + 1);
  expect(await alive()).toEqual([]);
});

it('takes a command that has the preload already, settings of its own, a token and another path', async () => {
  const given = {
    ...env,
    APM_AUTH_TOKEN: 'correct-horse',
    APM_METRICS_PATH: '/m',
    APM_METRICS_ON_APP: '/metrics',
    OTEL_METRICS_EXPORTER: 'otlp',
  };
  const service = SERVICE.replace('node ', `node --import ${register} `);
  const [a] = await rounds({ env: given, a: service, token: 'correct-horse' });
  expect([...(a.blocks[0]?.endpoints.keys() ?? [])]).toEqual(['GET /a', 'GET /b']);
  expect(await read(env.CALLS)).toBe('a1 /m\nb1 /m\n');
});

it('ends what does not want to end', async () => {
  await rounds({ env: { ...env, STUBBORN: '1' } });
  expect((await read(env.PIDS)).split('\n').length).toBe(2 * 3 + 1);
  expect(await alive()).toEqual([]);
});

it('says in one line which command failed, with its last output, and leaves nothing behind', async () => {
  expect(await refused({ a: 'echo starting; echo "cannot find the database" >&2; exit 3' })).toBe(
    'BadInput: round 1, a: the service ended (code 3): starting / cannot find the database; see that its command runs until it is ended',
  );
  expect(await refused({ b: `node -e 'null.x'` })).toMatch(
    /^BadInput: round 1, b: the service ended \(code 1\): TypeError: Cannot read properties of null \(reading 'x'\); see that its command runs until it is ended$/,
  );
  expect(await refused({ load: 'echo 3 of 5 requests failed; exit 1' })).toBe(
    'BadInput: round 1, a: the load failed (code 1): 3 of 5 requests failed',
  );
  expect(await refused({ load: 'true' })).toBe(
    'BadInput: round 1, a: the load sent the service no request; see that it goes to the port of the service',
  );
  expect(await refused({ env: { ...env, PATHS: '/a,/crash' } })).toMatch(
    /^BadInput: round 1, a: the (service ended \(code 1\)|load failed \(code 1\)): /,
  );
  expect(await refused({ a: 'sleep 600', patience: 0.5 })).toBe(
    'BadInput: round 1, a: not ready within 0.5 s: http://localhost:PORT is not reachable: nothing listens there; see that the service listens by then, and that its command keeps NODE_OPTIONS and OTEL_EXPORTER_PROMETHEUS_PORT',
  );
  expect(await refused({ b: `APM_BUCKETS=1,2 exec ${SERVICE}` })).toMatch(
    /^DifferentBounds: http:\/\/localhost:PORT\/metrics has other histogram bounds \(1 2\) than what it is put with/,
  );
});

it.each([
  ['while the load runs', `${LOAD}; sleep 600`, 1, 'Interrupted\n'],
  ['also a second time, while it waits for what does not want to end', `${LOAD}; sleep 600`, 2, ''],
])('Ctrl-C leaves nothing behind: %s', async (_when, load, times, said) => {
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
    // It has asked them to end, and they are still there.
    await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGINT');
    // Signals of one kind that come at once are one.
    const again = setInterval(() => child.kill('SIGINT'), 100);
    onTestFinished(() => clearInterval(again));
  }
  const [code] = await exit;
  expect(code).toBe(times === 2 ? 130 : 0);
  expect(await stdout).toBe(said);
  expect(await until(alive, (pids) => pids.length === 0)).toEqual([]);
});

it('says that a service has left its command and runs on, instead of measuring it again', async () => {
  // Out of its process group, as a daemon is.
  const daemon = `node -e 'require("node:child_process").spawn("sh", ["-c", process.env.REAL], { detached: true }); setInterval(() => {}, 1e6)'`;
  const error: unknown = await rounds({ env: { ...env, REAL: SERVICE }, a: daemon }).catch((thrown: unknown) => thrown);
  expect(String(error)).toBe(
    'BadInput: round 1, a: the service runs on after its command was ended; end it, and see that its command stays in the foreground: no daemon, no setsid, no docker run -d',
  );
});

it('leaves nothing behind where it is killed, which nothing of it hears', async () => {
  const child = spawn(process.execPath, [app('rounds.mjs'), SERVICE, SERVICE, `${LOAD}; sleep 600`], {
    env: { ...env, STUBBORN: '1' },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(
    () => read(env.CALLS),
    (calls) => calls !== '',
  );
  expect((await alive()).length).toBeGreaterThan(0);
  child.kill('SIGKILL');
  expect(await until(alive, (pids) => pids.length === 0)).toEqual([]);
});

it('finds a service whose port somebody else has taken meanwhile', async () => {
  const other = createServer().listen(0, 'localhost');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const [a] = await rounds({ a: `OTEL_EXPORTER_PROMETHEUS_PORT=${port} exec ${SERVICE}` });
  expect(a.blocks.map(({ endpoints }) => [...endpoints.keys()])).toEqual([['GET /a', 'GET /b']]);
});
