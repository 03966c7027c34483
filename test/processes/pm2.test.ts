import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { it, onTestFinished } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { PM2 } from '../packages/tools.ts';
import { register } from '../support/app.ts';
import { requests, until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { root } from '../support/root.ts';
import { createTmp } from './faults.ts';
import { ask, expectScrape, processCount, Service } from './group.ts';

type Mode = 'cluster' | 'fork';
interface Pm2App {
  readonly script: string;
  readonly port: string;
  readonly instances: number;
}

/** Starts apps of a service under a PM2 that has its own home folder. */
async function start(service: Service, mode: Mode, apps: readonly Pm2App[]) {
  const installed = await installPackages(PM2);
  const home = await mkdtemp(join(tmpdir(), 'apm-pm2-'));
  const env = { PATH: process.env.PATH ?? '', HOME: home, PM2_HOME: home, PM2_DISCRETE_MODE: 'true' };
  const pm2 = async (...args: string[]) => {
    const bin = join(installed, 'node_modules/pm2/bin/pm2');
    return (await promisify(execFile)(process.execPath, [bin, ...args], { env, cwd: root })).stdout;
  };
  onTestFinished(async () => {
    await pm2('kill');
    await rm(home, { recursive: true, force: true });
  });
  const list = join(home, 'ecosystem.config.cjs');
  const options = apps.map(({ script, port, instances }) => ({
    name: `shop-${port}`,
    script,
    node_args: `--import ${register}`,
    exec_mode: mode,
    instances,
    env: { ...service.env, PORT: port },
  }));
  await writeFile(list, `module.exports = ${JSON.stringify({ apps: options })};`);
  await pm2('start', list);
  return { reload: () => pm2('reload', 'all') };
}

const SCRIPT = join(root, 'test/apps/processes/one-server.mjs');

it.each(['cluster', 'fork'] as const)(
  'merges the processes that PM2 runs in %s mode into one scrape, also after a reload',
  async (mode) => {
    const service = await Service.create();
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const apps =
      mode === 'cluster'
        ? [{ script: SCRIPT, port: ports[0], instances: 3 }]
        : ports.map((port) => ({ script: SCRIPT, port, instances: 1 }));
    const pm2 = await start(service, mode, apps);
    await service.merged(3);
    // All processes of a cluster share one port.
    const requestedPorts = mode === 'cluster' ? ports.map(() => ports[0] as string) : ports;
    for (const port of requestedPorts) await ask(port, 20);
    await expectScrape(() => service.merged(3), { 'GET / 200': 60 });

    await pm2.reload();
    // Another process serves the metrics now. It must not show again what a scrape has shown: Prometheus would count it twice.
    await expectScrape(() => service.merged(3), {});
    for (const port of requestedPorts) await ask(port, 10);
    await expectScrape(() => service.merged(3), { 'GET / 200': 30 });
  },
);

it.each(['cluster', 'fork'] as const)('gives two apps that PM2 runs in %s mode a port each', async (mode) => {
  const service = await Service.create();
  const folder = await createTmp();
  await writeFile(join(folder, 'package.json'), '{"name":"shop"}');
  const ports = [await freePort(), await freePort()] as const;
  const scripts = [join(folder, 'api.mjs'), join(folder, 'admin.mjs')] as const;
  for (const script of scripts) await copyFile(SCRIPT, script);
  const instances = 2;
  const apps = scripts.map((script, i) => ({ script, port: ports[i] as string, instances }));
  // In fork mode PM2 gives all instances the same environment, so only the first one can listen.
  await start(service, mode, mode === 'cluster' ? apps : apps.map((app) => ({ ...app, instances: 1 })));
  await Promise.all(ports.map((port) => until(() => isAnswered(port), Boolean)));
  const metrics = [Number(service.port), Number(service.port) + 1];
  const scrapeAll = () =>
    Promise.all(
      metrics.map((port) =>
        fetch(`http://localhost:${port}/metrics`).then(
          (response) => response.text(),
          () => '',
        ),
      ),
    );
  const count = mode === 'cluster' ? instances : 1;
  await until(scrapeAll, (texts) => texts.every((text) => processCount(text) === count));
  await ask(ports[0], 3);
  await ask(ports[1], 4);
  const counts = async () => (await scrapeAll()).map((text) => requests(text)['GET / 200'] ?? 0).sort();
  await until(counts, ([one, other]) => one === 4 && other === 5);
});

/** Sends one request. */
const isAnswered = (port: string) =>
  ask(port, 1).then(
    () => true,
    () => false,
  );
