import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { skipMissing } from '../../stack/support/skip-missing.ts';
import { type App, launch, metricsAt, register, startApp } from '../../support/app.ts';
import { requests, until } from '../../support/exposition.ts';
import { freePort, get } from '../get.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const LOOPBACKS = ['127.0.0.1', '[::1]'];

function needsIpv6(test: TestContext): void {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address));
  if (!addresses.includes('::1')) skipMissing(test, 'this machine has no ::1');
}

/** The counts that each loopback address answers at a port. */
const countsAt = (port: string) =>
  Promise.all(LOOPBACKS.map(async (host) => requests((await get(`http://${host}:${port}/metrics`)).text)));

async function occupy(host: string, port: number): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  onTestFinished(() => void server.close());
}

const portOf = async (app: App) => new URL(await app.metricsUrl()).port;

it('answers at both loopback addresses, on one port, and lets the app exit', async (test) => {
  needsIpv6(test);
  const app = await startApp(PLAIN);
  await get(app.url('/users/1'));
  expect(await countsAt(await portOf(app))).toEqual([{ 'GET /users/:id 200': 1 }, { 'GET /users/:id 200': 1 }]);
  await get(app.url('/end'));
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(await app.metricsUrl())}\n`);
});

it.for(['127.0.0.1', '::1'])('takes the next port at both when another program has it at %s', async (host, test) => {
  needsIpv6(test);
  const port = await freePort();
  await occupy(host, port);
  const app = await startApp(PLAIN, { env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(port) } });
  const next = await portOf(app);
  expect(Number(next)).toBeGreaterThan(port);
  await get(app.url('/users/1'));
  expect(await countsAt(next)).toEqual([{ 'GET /users/:id 200': 1 }, { 'GET /users/:id 200': 1 }]);
  const { origin } = new URL(await app.metricsUrl());
  expect(app.stderr).toBe(
    `[@org/apm] port ${port} is in use by another program: metrics at ${origin} instead; OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own\n[@org/apm] ${metricsAt(`${origin}/metrics`)}\n`,
  );
});

it('lets all processes of a service be scraped at both, also after the scraped one was killed', async (test) => {
  needsIpv6(test);
  const port = String(await freePort());
  const env = { OTEL_EXPORTER_PROMETHEUS_PORT: port };
  const apps = await Promise.all([1, 2, 3].map(() => startApp(PLAIN, { env })));
  for (const app of apps) {
    await app.metricsUrl();
    await get(app.url('/users/1'));
  }
  const all = (count: number) => LOOPBACKS.map(() => ({ 'GET /users/:id 200': count }));
  expect(
    await until(
      () => countsAt(port),
      (found) => found[1]?.['GET /users/:id 200'] === 3,
    ),
  ).toEqual(all(3));
  const leader = apps.find(({ stderr }) => !stderr.includes('served by process')) as App;
  await leader.kill();
  const others = apps.filter((app) => app !== leader);
  for (const app of others) await get(app.url('/users/1'));
  const counts = await until(
    () => countsAt(port).catch(() => []),
    (found) => found.length === 2 && (found[1]?.['GET /users/:id 200'] ?? 0) >= 2,
  );
  expect(counts[0]).toEqual(counts[1]);
  for (const app of others) await get(app.url('/end'));
  for (const app of others) expect(await app.exit).toEqual({ code: 0, signal: null });
});

it.for([
  ['[::1]', '[::1]'],
  ['::1', '[::1]'],
  ['[::]', '[::]'],
] as const)('accepts the host %s', async ([host, shown], test) => {
  needsIpv6(test);
  const app = await startApp(PLAIN, { env: { OTEL_EXPORTER_PROMETHEUS_HOST: host, APM_AUTH_TOKEN: 'token' } });
  const url = await app.metricsUrl();
  expect(url).toBe(`http://${shown}:${new URL(url).port}/metrics`);
  const headers = { Authorization: 'Bearer token' };
  expect((await get(`http://[::1]:${new URL(url).port}/metrics`, { headers })).status).toBe(200);
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
});

/** Runs loopbacks.mjs with a network or with files of its own. */
async function runApart(test: TestContext, flags: string, setUp: string): Promise<App> {
  const allowed = promisify(execFile)('unshare', [flags, 'sh', '-c', setUp]);
  await allowed.catch(({ message }) => skipMissing(test, `this machine cannot be set up for it: ${message}`));
  const run = `${setUp} && exec ${process.execPath} --import ${register} "$0"`;
  return launch('test/apps/plain/loopbacks.mjs', {
    node: 'unshare',
    flags: [flags, 'sh', '-c', run],
    env: { OTEL_EXPORTER_PROMETHEUS_PORT: String(await freePort()) },
  });
}

const foundBy = async (app: App) => JSON.parse((await app.waitForOutput(/^found (.*)$/m))[1] as string);

it.for(['127.0.0.1', '::1'])('answers at both where /etc/hosts has only %s for localhost', async (address, test) => {
  needsIpv6(test);
  const setUp = `echo '${address} localhost' > /tmp/apm-hosts.$$ && mount --bind /tmp/apm-hosts.$$ /etc/hosts && rm /tmp/apm-hosts.$$`;
  const app = await runApart(test, '-rm', setUp);
  expect(await foundBy(app)).toEqual({ '127.0.0.1': 200, '[::1]': 200, localhost: 200 });
  expect(await app.exit).toEqual({ code: 0, signal: null });
});

it('answers at 127.0.0.1 on a machine without IPv6', async (test) => {
  const app = await runApart(test, '-rn', 'ip link set lo up && sysctl -qw net.ipv6.conf.all.disable_ipv6=1');
  const { localhost, '127.0.0.1': ipv4 } = await foundBy(app);
  expect([localhost, ipv4]).toEqual([200, 200]);
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(app.stderr).toMatch(/^\[@org\/apm\] metrics at http:\/\/localhost:\d+\/metrics .*\n$/);
});
