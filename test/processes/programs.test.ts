import { copyFile, mkdir, realpath, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { type App, root, startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, createTmp } from './faults.ts';
import { ask, expectScrape, Service } from './group.ts';

const APPS = join(root, 'test/apps/processes');

/** Creates an app: its package.json, and its scripts, each of which is a server. */
async function createApp(folder: string, version: string, scripts: readonly string[] = ['api.mjs']): Promise<string> {
  for (const script of scripts) {
    await mkdir(dirname(join(folder, script)), { recursive: true });
    await copyFile(join(APPS, 'fault-server.mjs'), join(folder, script));
  }
  await copyFile(join(APPS, 'one-server.mjs'), join(folder, 'one-server.mjs'));
  await copyFile(join(APPS, 'related-servers.mjs'), join(folder, 'related-servers.mjs'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'app', version }));
  return realpath(folder);
}

const start = (service: Service, file: string, env: Record<string, string> = {}, ready?: RegExp): Promise<App> =>
  startApp(file, { cwd: dirname(file), env: { ...service.env, ...env }, ...(ready && { ready }) });

/** Starts an app at its own port, and reads the line that says why. */
async function startApart(service: Service, file: string, env?: Record<string, string>) {
  const app = await start(service, file, env);
  const url = await app.metricsUrl();
  const line = app.stderr.split('\n').find((text) => text.includes(' instead')) ?? '';
  return { app, url, origin: new URL(url).origin, line, scrape: async () => (await fetch(url)).text() };
}

it('gives two programs of one package.json a port each, says so, and keeps the ports when one exits', async () => {
  const folder = await createApp(await createTmp(), '1.0.0', ['api.mjs', 'admin.mjs']);
  const service = await Service.create();
  const api = await start(service, join(folder, 'api.mjs'));
  await api.waitForOutput(/metrics at/);
  const admin = await startApart(service, join(folder, 'admin.mjs'));
  expect(admin.line).toBe(
    `[@org/apm] port ${service.port} has the metrics of another program of this service (process ${api.child.pid}): metrics at ${admin.origin} instead; the same APM_GROUP in both merges them, else set another OTEL_SERVICE_NAME and OTEL_EXPORTER_PROMETHEUS_PORT for each program`,
  );
  expect(api.stderr).toContain(
    `process ${admin.app.child.pid} is not merged into these metrics: it runs another program of this service; the same APM_GROUP in both merges them\n`,
  );

  // Further processes of each program are merged with the first one.
  const more = [
    await start(service, join(folder, 'admin.mjs')),
    await start(service, join(folder, 'api.mjs')),
  ] as const;
  for (const app of more) await app.waitForOutput(/served by process/);
  await ask(api.port, 1, '/api');
  await ask(more[1].port, 2, '/api');
  await ask(admin.app.port, 3, '/admin');
  await ask(more[0].port, 4, '/admin');
  await expectScrape(() => service.scrape(), { '/api': 3 }, byPath);
  await expectScrape(admin.scrape, { '/admin': 7 }, byPath);

  // A target must not change from one program to another.
  for (const app of [api, more[1]]) await app.kill();
  const again = await start(service, join(folder, 'api.mjs'));
  await again.waitForOutput(new RegExp(`metrics at http://localhost:${service.port}/metrics \\(`));
  await ask(again.port, 5, '/api');
  await expectScrape(() => service.scrape(), { '/api': 5 }, byPath);
  await expectScrape(admin.scrape, { '/admin': 7 }, byPath);
});

it.each([
  { what: 'two folders of a monorepo with one package.json', scripts: ['api/main.mjs', 'web/main.mjs'], packages: [] },
  {
    what: 'two packages of a monorepo with the same OTEL_SERVICE_NAME',
    scripts: ['api/main.mjs', 'web/main.mjs'],
    packages: ['api', 'web'],
  },
])('does not merge $what', async ({ scripts, packages }) => {
  const folder = await createApp(await createTmp(), '1.0.0', scripts);
  for (const name of packages) await writeFile(join(folder, name, 'package.json'), JSON.stringify({ name }));
  const service = await Service.create();
  const [first, second] = scripts.map((script) => join(folder, script)) as [string, string];
  const api = await start(service, first);
  await api.waitForOutput(/metrics at/);
  const web = await startApart(service, second);
  await ask(api.port, 1, '/api');
  await ask(web.app.port, 2, '/web');
  await expectScrape(() => service.scrape(), { '/api': 1 }, byPath);
  await expectScrape(web.scrape, { '/web': 2 }, byPath);
  expect(web.line).toContain('has the metrics of another program of this service');
});

it.each([
  { what: 'version', versions: ['1.0.0', '2.0.0'], reason: 'version 1.0.0 of this program' },
  { what: 'folder', versions: ['1.0.0', '1.0.0'], reason: 'a copy of this program in another folder' },
])('gives a release in another $what a port of its own until the old one has exited', async ({ versions, reason }) => {
  const folder = await createTmp();
  const releases = [];
  for (const [i, version] of versions.entries()) releases.push(await createApp(join(folder, `${i}`), version));
  const current = join(folder, 'current');
  await symlink(releases[0] as string, current);
  const service = await Service.create();
  const script = join(current, 'api.mjs');
  const old = await start(service, script);
  await old.waitForOutput(/metrics at/);

  await symlink(releases[1] as string, `${current}.new`);
  await rename(`${current}.new`, current);
  const next = await startApart(service, script);
  expect(next.line).toBe(
    `[@org/apm] port ${service.port} has the metrics of ${reason} (process ${old.child.pid}): metrics at ${next.origin} instead; they move to port ${service.port} when that process has exited; the same APM_GROUP in both merges them`,
  );
  const other = await start(service, script);
  await other.waitForOutput(new RegExp(`metrics at ${next.url} .*, served by process ${next.app.child.pid}`));
  await ask(old.port, 1, '/old');
  await ask(next.app.port, 2, '/next');
  await ask(other.port, 3, '/other');
  await expectScrape(() => service.scrape(), { '/old': 1 }, byPath);
  await expectScrape(next.scrape, { '/next': 2, '/other': 3 }, byPath);

  await old.kill('SIGTERM');
  await expectScrape(() => service.merged(2), { '/next': 2, '/other': 3 }, byPath);
  await ask(other.port, 1, '/other');
  await expectScrape(() => service.scrape(), { '/next': 2, '/other': 4 }, byPath);
  await expect(fetch(next.url)).rejects.toThrow();
  await until(
    () => [next.app, other].filter(({ stderr }) => stderr.includes(`this process now serves`)).length,
    (count) => count === 1,
  );
});

it('merges other programs and versions that have the same APM_GROUP', async () => {
  const folder = await createTmp();
  const [one, two] = [
    await createApp(join(folder, '1'), '1.0.0'),
    await createApp(join(folder, '2'), '2.0.0', ['x.mjs']),
  ];
  const service = await Service.create();
  const env = { APM_GROUP: 'shop' };
  const first = await start(service, join(one, 'api.mjs'), env);
  await first.waitForOutput(/metrics at/);
  const second = await start(service, join(two, 'x.mjs'), env);
  await second.waitForOutput(/served by process/);
  const apart = await startApart(service, join(one, 'api.mjs'));
  await ask(first.port, 1, '/one');
  await ask(second.port, 2, '/two');
  await ask(apart.app.port, 3, '/three');
  await expectScrape(() => service.scrape(), { '/one': 1, '/two': 2 }, byPath);
  await expectScrape(apart.scrape, { '/three': 3 }, byPath);
});

it.each(['cluster', 'fork', 'thread'])(
  'merges a process with what it starts as %s from another script, also beside an older version',
  async (KIND) => {
    const folder = await createTmp();
    const [one, two] = [await createApp(join(folder, '1'), '1'), await createApp(join(folder, '2'), '2')];
    const service = await Service.create();
    const old = await start(service, join(one, 'related-servers.mjs'), { KIND }, /^all at (.+)$/m);
    const next = await start(service, join(two, 'related-servers.mjs'), { KIND }, /^all at (.+)$/m);
    const portsOf = (app: App) => /^all at (.+)$/m.exec(app.stdout)?.[1]?.split(' ') as [string, string];
    await service.merged(2);
    await ask(portsOf(old)[0], 1, '/parent');
    await ask(portsOf(old)[1], 2, '/child');
    await ask(portsOf(next)[0], 3, '/parent');
    await ask(portsOf(next)[1], 4, '/child');
    await expectScrape(() => service.merged(2), { '/parent': 1, '/child': 2 }, byPath);
    const url = /metrics at (http:\S+) instead/.exec(next.stderr)?.[1];
    const scrape = async () => (await fetch(`${url}/metrics`)).text();
    await expectScrape(scrape, { '/parent': 3, '/child': 4 }, byPath);
  },
);
