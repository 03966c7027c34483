import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { type AppOptions, register } from '../support/app.ts';
import { root } from '../support/root.ts';
import { byPath, createTmp, skipBecause, startOne } from './faults.ts';
import { ask, expectScrape, Service } from './group.ts';

/** Options of an app that has folders of its own at these paths, as systemd gives them to a service. */
function privateFolders(test: TestContext, folders: readonly string[]): AppOptions {
  if (spawnSync('unshare', ['-m', 'true']).status !== 0) skipBecause(test, 'mounting a folder needs root on Linux');
  const mounts = folders.map((folder) => `mount -t tmpfs -o mode=1777 none ${folder}`);
  // The apps of the tests stay where they are, also in a clone below one of these folders.
  const isHidden = folders.some((folder) => root.startsWith(`${folder}/`));
  const kept = [`mount --bind '${root}' /mnt`, ...mounts, `mkdir -p '${root}'`, `mount --move /mnt '${root}'`];
  const command = `${(isHidden ? kept : mounts).join(' && ')} && exec "$0" "$@"`;
  return { node: 'unshare', flags: ['-m', 'sh', '-c', command, process.execPath, '--import', register] };
}

/** What PrivateTmp=yes makes private. */
const PRIVATE_TMP = ['/tmp', '/var/tmp'];

it.for([
  { what: 'the first process has', first: true, second: false },
  { what: 'the second process has', first: false, second: true },
  { what: 'both processes have', first: true, second: true },
])("merges the processes of a service when $what systemd's PrivateTmp", async ({ first, second }, test) => {
  const service = await Service.create();
  const options = (isPrivate: boolean) => (isPrivate ? privateFolders(test, PRIVATE_TMP) : {});
  const apps = [await startOne(service, options(first)), await startOne(service, options(second))] as const;
  await ask(apps[0].port, 1, '/ann');
  await ask(apps[1].port, 2, '/bob');
  await expectScrape(() => service.merged(2), { '/ann': 1, '/bob': 2 }, byPath);
  expect(apps.map(({ stderr }) => stderr).join('')).not.toMatch(/instead|in use/);
});

it('merges the processes of a service that have different TMPDIRs and XDG_RUNTIME_DIRs', async () => {
  const service = await Service.create();
  const apps = [];
  for (const path of ['/ann', '/bob', '/cid']) {
    const TMPDIR = await createTmp();
    const XDG_RUNTIME_DIR = join(TMPDIR, 'run');
    await mkdir(XDG_RUNTIME_DIR, { mode: 0o700 });
    const app = await startOne(service, { env: { TMPDIR, XDG_RUNTIME_DIR } });
    await ask(app.port, 1, path);
    apps.push(app);
  }
  await expectScrape(() => service.merged(3), { '/ann': 1, '/bob': 1, '/cid': 1 }, byPath);
});

it('says that the port is of the same service when the processes share no folder, and what to set', async (test) => {
  const service = await Service.create();
  const folders = [...PRIVATE_TMP, '/dev/shm', '/run'];
  const first = await startOne(service, privateFolders(test, folders));
  await first.waitForOutput(/metrics at/);
  const second = await startOne(service);
  const url = await second.metricsUrl();
  expect(second.stderr).toContain(
    `[@org/apm] port ${service.port} has the metrics of process ${first.child.pid} of this service, which shares no folder for sockets with this process or has another OTEL_EXPORTER_PROMETHEUS_HOST: metrics at ${new URL(url).origin} instead; to merge them, run both as the same user, with the same host, and set TMPDIR to a folder that both can use; or OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own\n`,
  );
  await ask(second.port, 2, '/bob');
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 2 });

  // What the line says to do.
  await Promise.all([first.kill(), second.kill()]);
  const env = { TMPDIR: await mkdtemp(join(homedir(), 'apm-')) };
  onTestFinished(() => rm(env.TMPDIR, { recursive: true, force: true }));
  const apps = [
    await startOne(service, { ...privateFolders(test, folders), env }),
    await startOne(service, { env }),
  ] as const;
  await ask(apps[1].port, 2, '/bob');
  await expectScrape(() => service.merged(2), { '/bob': 2 }, byPath);
});

it('says that the port is of another program, whatever that answers', async () => {
  const answers = [
    '{"package":{"name":"other"},"pid":1}',
    '{"package":{"name":"@org/apm"},"service":7}',
    'x'.repeat(1e6),
  ];
  const expectLine = async (answer: string) => {
    const service = await Service.create();
    const server = createServer((_, response) => response.end(answer)).listen(Number(service.port), 'localhost');
    onTestFinished(() => void server.close());
    const app = await startOne(service);
    const { origin } = new URL(await app.metricsUrl());
    expect(app.stderr).toContain(
      `[@org/apm] port ${service.port} is in use by another program: metrics at ${origin} instead; OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own\n`,
    );
  };
  await Promise.all(answers.map(expectLine));
});

it('starts in time beside a program that accepts connections at the port and never answers', async () => {
  const service = await Service.create();
  const server = createServer(() => {}).listen(Number(service.port), 'localhost');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const start = performance.now();
  const app = await startOne(service);
  await app.metricsUrl();
  expect(performance.now() - start).toBeLessThan(10_000);
  await ask(app.port, 1);
  expect(await app.scrape()).toContain('http_requests_total{path="/",method="GET",status_code="200"} 1\n');
});

it('sends its token to nobody who has the port, and measures no call for it', async () => {
  const service = await Service.create();
  const env = { APM_AUTH_TOKEN: 'secret', OTEL_SERVICE_NAME: 'shop' };
  const first = await startOne(service, { env });
  await first.waitForOutput(/metrics at/);
  const second = await startOne(service, { env: { ...env, OTEL_SERVICE_NAME: 'pay' } });
  const url = await second.metricsUrl();
  expect(second.stderr).toContain(
    `port ${service.port} has the metrics of another process with this package, which requires a token: metrics at`,
  );
  expect(second.stderr).not.toContain('secret');
  const text = await (await fetch(url, { headers: { Authorization: 'Bearer secret' } })).text();
  expect(text).not.toContain('http_client_duration');

  const other = await Service.create();
  const asked: string[] = [];
  const server = createServer(({ method, url: path, rawHeaders }, response) => {
    asked.push([method, path, ...rawHeaders].join(' '));
    response.end();
  }).listen(Number(other.port), 'localhost');
  onTestFinished(() => void server.close());
  await (await startOne(other, { env })).metricsUrl();
  expect(asked).toEqual(['GET /status Host localhost']);
});
