import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { BUNDLERS } from '../packages/tools.ts';
import { metricsAt, register, startApp } from '../support/app.ts';
import { requests, until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { placePackage } from '../support/packed.ts';
import { startReceiver } from '../support/receiver.ts';
import { root } from '../support/root.ts';
import { atEnd, shared } from '../support/shared.ts';
import { readExamples } from './examples.ts';

const run = promisify(execFile);

/** Builds by the configuration in docs/bundlers.md, without the command line of the bundler, which is another package. */
const WEBPACK = `require('webpack')(require('./webpack.config.cjs'), (error, stats) => {
  process.exitCode = error || stats.hasErrors() ? 1 : 0;
  if (process.exitCode) console.error(error ?? stats.toString('errors-only'));
})`;

interface Bundler {
  /** The arguments of Node that build into `out`. */
  readonly build: readonly string[];
  /** The bundle in `out`. */
  readonly file: string;
  /** Builds on this Node instead, and says why. */
  readonly on?: string | undefined;
}

const BUNDLERS_RUN: Readonly<Record<string, Bundler>> = {
  'esbuild, as CommonJS': { build: ['build.mjs'], file: 'app.cjs' },
  'esbuild, as an ES module': { build: ['build-esm.mjs'], file: 'app.mjs' },
  webpack: { build: ['-e', WEBPACK], file: 'app.cjs' },
  Rollup: { build: ['MODULES/rollup/dist/bin/rollup', '--config', 'rollup.config.mjs', '--silent'], file: 'app.mjs' },
  Vite: { build: ['MODULES/vite/bin/vite.js', 'build', '--config', 'vite.config.mjs'], file: 'app.mjs' },
  ncc: {
    build: ['MODULES/@vercel/ncc/dist/ncc/cli.js', 'build', 'app.js', '--out', 'out'],
    file: 'index.js',
    // ncc 0.45 crashes Node 20.19 with its V8 code cache.
    on: NODE_VERSIONS[1],
  },
};

/** The app, this package beside it, and the examples as files. The bundlers are installed in the folder above. */
const folder = shared(async () => {
  const installed = await installPackages(BUNDLERS);
  const made = await mkdtemp(join(installed, 'app-'));
  atEnd(() => rm(made, { recursive: true, force: true }));
  await cp(join(root, 'test/apps/bundled'), made, { recursive: true });
  await placePackage(made);
  for (const [name, content] of Object.entries(readExamples())) await writeFile(join(made, name), content);
  return made;
}, 300_000);

/** Builds, and moves the bundle to a folder without packages. @returns that folder */
async function bundle({ build, on }: Pick<Bundler, 'build' | 'on'>): Promise<string> {
  const moved = await mkdtemp(join(tmpdir(), 'apm-bundle-'));
  onTestFinished(() => rm(moved, { recursive: true, force: true }));
  const args = build.map((arg) => arg.replace('MODULES', '../node_modules'));
  await rm(join(folder(), 'out'), { recursive: true, force: true });
  await run(on === undefined ? process.execPath : node(on), args, {
    cwd: folder(),
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
  });
  await cp(join(folder(), 'out'), moved, { recursive: true });
  return moved;
}

describe.each(Object.entries(BUNDLERS_RUN))('an app that is bundled by %s', (_, bundler) => {
  it('is measured in another folder, shows the live page, and pushes at its exit', async () => {
    const moved = await bundle(bundler);
    const receiver = await startReceiver();
    const app = await startApp(join(moved, bundler.file), {
      cwd: moved,
      flags: [],
      env: {
        OTEL_SERVICE_NAME: 'bundled',
        OTEL_METRICS_EXPORTER: 'prometheus,otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_METRIC_EXPORT_INTERVAL: '60000',
      },
    });
    for (const id of [1, 2]) expect(await (await fetch(app.url(`/users/${id}`))).text()).toBe(`hello ${id}`);
    const metrics = await app.metricsUrl();
    const counted = { 'GET /users/:id 200': 2 };
    expect(requests(await (await fetch(metrics)).text())).toEqual(counted);
    const files = ['/', '/page/page.js', '/page/page.css', '/page/icon.svg'].map((path) => new URL(path, metrics));
    const answers = await Promise.all(files.map(async (url) => (await fetch(url)).status));
    expect(answers).toEqual([200, 200, 200, 200]);
    await (await fetch(app.url('/end'))).text();
    expect(await app.exit).toEqual({ code: 0, signal: null });
    const pushed = receiver.last?.metrics.http_requests_total?.points ?? [];
    expect(pushed.map(({ labels, value }) => [labels.path, value])).toEqual([
      ['/users/:id', 2],
      ['/end', 1],
    ]);
    expect(app.stderr).toBe(
      [
        `[@org/apm] ${metricsAt(metrics)}; metrics pushed to ${receiver.url}/v1/metrics every 60 s`,
        '[@org/apm] metrics are both scraped and pushed: a Prometheus that receives both counts every request twice',
        '',
      ].join('\n'),
    );
  });
});

it('measures a bundle under the preload, which is not in the bundle', async () => {
  const moved = await bundle(BUNDLERS_RUN['esbuild, as CommonJS'] as Bundler);
  const app = await startApp(join(moved, 'app.cjs'), { cwd: moved, flags: ['--import', register] });
  await (await fetch(app.url('/users/1'))).text();
  expect(requests(await (await fetch(await app.metricsUrl())).text())).toEqual({ 'GET /users/:id 200': 1 });
});

it('says in one line what a bundle lacks, and lets the app run', async () => {
  const banner = readExamples()['build-esm.mjs'] as string;
  await writeFile(join(folder(), 'without.mjs'), banner.replace(/^ *banner.*\n/m, '').replace('app.js', 'plain.js'));
  const moved = await bundle({ build: ['without.mjs'] });
  const app = await startApp(join(moved, 'app.mjs'), { cwd: moved, flags: [] });
  expect(await (await fetch(app.url())).text()).toBe('unknown_service:node');
  await until(
    () => app.stderr,
    (text) => text.endsWith('\n'),
  );
  expect(app.stderr).toMatch(
    /^\[@org\/apm\] failed to start; the application is not affected: Dynamic require of "node:\w+" is not supported; if this app is bundled, docs\/bundlers\.md of @org\/apm has a configuration for its bundler\n$/,
  );
});

it('says which package for gRPC is missing beside a bundle, and lets the app run', async () => {
  const moved = await bundle(BUNDLERS_RUN['esbuild, as an ES module'] as Bundler);
  const app = await startApp(join(moved, 'app.mjs'), {
    cwd: moved,
    flags: [],
    env: { OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  });
  await app.waitForOutput(/nothing is pushed/);
  expect(await (await fetch(app.url('/users/1'))).text()).toBe('hello 1');
  expect(app.stderr).toContain(
    '[@org/apm] nothing is pushed: OTLP over grpc needs a package that is not installed; run npm install @opentelemetry/exporter-metrics-otlp-grpc@0.223.0\n',
  );
});
