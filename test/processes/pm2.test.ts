import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { it, onTestFinished } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { PM2 } from '../packages/tools.ts';
import { register } from '../support/app.ts';
import { freePort } from '../support/free-port.ts';
import { root } from '../support/root.ts';
import { ask, expectScrape, Service } from './group.ts';

/** Starts a service under a PM2 that has its own home folder. */
async function start(service: Service, mode: 'cluster' | 'fork', ports: readonly string[]) {
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
  const app = (port: string, instances: number) => ({
    name: `shop-${port}`,
    script: join(root, 'test/apps/processes/one-server.mjs'),
    node_args: `--import ${register}`,
    exec_mode: mode,
    instances,
    env: { ...service.env, PORT: port },
  });
  const apps = mode === 'cluster' ? [app(ports[0] as string, ports.length)] : ports.map((port) => app(port, 1));
  const list = join(home, 'ecosystem.config.cjs');
  await writeFile(list, `module.exports = ${JSON.stringify({ apps })};`);
  await pm2('start', list);
  return { reload: () => pm2('reload', 'all') };
}

it.each(['cluster', 'fork'] as const)(
  'merges the processes that PM2 runs in %s mode into one scrape, also after a reload',
  async (mode) => {
    const service = await Service.create();
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const pm2 = await start(service, mode, ports);
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
