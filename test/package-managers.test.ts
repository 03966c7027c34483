import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { installPackages } from './packages/install.ts';
import { PACKAGE_MANAGERS } from './packages/tools.ts';
import { metricsAt, startApp } from './support/app.ts';
import { requests } from './support/exposition.ts';
import { npm } from './support/npm.ts';
import { readDependencyLock } from './support/packed.ts';
import { startReceiver } from './support/receiver.ts';
import { root } from './support/root.ts';
import { atEnd, shared } from './support/shared.ts';

const run = promisify(execFile);
/** Without links: Plug'n'Play looks a file up by its real path. */
async function cacheFolder(name: string): Promise<string> {
  const folder = join(root, '.cache/package-managers', name);
  await mkdir(folder, { recursive: true });
  return realpath(folder);
}

/** Runs a package manager in the folder of the app. @returns its output */
type Manager = (folder: string, ...args: string[]) => Promise<string>;

async function startManager(file: string): Promise<Manager> {
  const cli = join(await installPackages(PACKAGE_MANAGERS), 'node_modules', file);
  return async (folder, ...args) => (await run(process.execPath, [cli, ...args], { cwd: folder })).stdout;
}

/** An app that depends on the packed package; every package below has the version of package-lock.json. */
async function createApp(settings: (registry: string) => Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'apm-manager-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  await cp(join(root, 'test/apps/package-managers'), folder, { recursive: true });
  const [packed] = JSON.parse(await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
  const { packages } = await readDependencyLock();
  const pins = Object.fromEntries(
    Object.entries(packages).map(([path, { version }]) => [path.slice('node_modules/'.length), version]),
  );
  const registry = (await npm(['config', 'get', 'registry'], root)).trim();
  const dependencies = { '@org/apm': `file:./${packed.filename}` };
  const manifest = { name: 'shop', version: '1.2.3', private: true, dependencies, resolutions: pins };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, pnpm: { overrides: pins } }));
  for (const [name, text] of Object.entries(settings(registry))) await writeFile(join(folder, name), text);
  return folder;
}

const yarn = shared(async () => {
  const cache = await cacheFolder('yarn');
  const manager = await startManager('@yarnpkg/cli-dist/bin/yarn.js');
  const folder = await createApp((registry) => ({
    'yarn.lock': '',
    '.yarnrc.yml': [
      'nodeLinker: pnp',
      `globalFolder: ${JSON.stringify(cache)}`,
      `npmRegistryServer: ${JSON.stringify(registry)}`,
      'enableTelemetry: false',
      'enableScripts: false',
      'enableImmutableInstalls: false',
    ].join('\n'),
  }));
  await manager(folder, 'install');
  return { folder, apm: (...args: string[]) => manager(folder, 'apm', ...args) };
}, 300_000);

const pnpm = shared(async () => {
  const cache = await cacheFolder('pnpm');
  const manager = await startManager('pnpm/bin/pnpm.cjs');
  const folder = await createApp((registry) => ({
    '.npmrc': `registry=${registry}\nnode-linker=isolated\nhoist=false\nstore-dir=${cache}\n`,
  }));
  await manager(folder, 'install', '--ignore-scripts');
  return { folder, apm: (...args: string[]) => manager(folder, 'exec', 'apm', ...args) };
}, 300_000);

/** Starts an app, and expects that it is scraped, diagnosed by `apm doctor`, and pushed at its exit. */
async function expectMeasured({ folder, apm }: ReturnType<typeof yarn>, flags: readonly string[], file: string) {
  const receiver = await startReceiver();
  const app = await startApp(join(folder, file), {
    cwd: folder,
    flags: [...flags],
    env: {
      OTEL_METRICS_EXPORTER: 'prometheus,otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRIC_EXPORT_INTERVAL: '60000',
    },
  });
  await (await fetch(app.url('/users/1'))).text();
  const metrics = await app.metricsUrl();
  expect(requests(await (await fetch(metrics)).text())).toEqual({ 'GET /users/:id 200': 1 });
  expect(await apm('doctor', metrics)).toMatch(/^shop 1\.2\.3: pid .*\nNo problems\.\n$/s);
  await (await fetch(app.url('/end'))).text();
  expect(await app.exit).toEqual({ code: 0, signal: null });
  const pushed = receiver.last?.metrics.http_requests_total?.points ?? [];
  expect(pushed.map(({ labels, value }) => [labels.path, value])).toEqual([
    ['/users/:id', 1],
    ['/end', 1],
  ]);
  // Node warns of --loader.
  expect(app.stderr.replace(/^\(node:\d+\) .*\n|^--import .*\n|^\(Use .*\n/gm, '')).toBe(
    [
      `[@org/apm] ${metricsAt(metrics)}; metrics pushed to ${receiver.url}/v1/metrics every 60 s`,
      '[@org/apm] metrics are both scraped and pushed: a Prometheus that receives both counts every request twice',
      '',
    ].join('\n'),
  );
}

const PNP = ['--require', './.pnp.cjs'];
const LOADER = ['--experimental-loader', './.pnp.loader.mjs'];

describe("Yarn Plug'n'Play", () => {
  it.each([
    ['--require, without the ESM loader', [...PNP, '--require', '@org/apm/register'], 'app.cjs'],
    ['--import, with the ESM loader', [...PNP, ...LOADER, '--import', '@org/apm/register'], 'app.cjs'],
    ['setupApm, required without the ESM loader', PNP, 'setup.cjs'],
    ['setupApm, imported with the ESM loader', [...PNP, ...LOADER], 'setup.mjs'],
  ])('measures by %s', (_, flags, file) => expectMeasured(yarn(), flags, file));
});

describe("pnpm's strict layout", () => {
  it.each([
    ['--import', ['--import', '@org/apm/register'], 'app.cjs'],
    ['--require', ['--require', '@org/apm/register'], 'app.cjs'],
    ['setupApm, required', [], 'setup.cjs'],
    ['setupApm, imported', [], 'setup.mjs'],
  ])('measures by %s', (_, flags, file) => expectMeasured(pnpm(), flags, file));
});
