import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, metricsAt, startApp } from './support/app.ts';
import { requests } from './support/exposition.ts';
import { NODE_VERSIONS, node } from './support/nodes.ts';
import { npm } from './support/npm.ts';
import { readDependencyLock } from './support/packed.ts';
import { root } from './support/root.ts';

const run = promisify(execFile);
let folder: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apm-package-'));
  await run(process.execPath, [join(root, 'scripts/sbom.mjs')]);
  const [packed] = JSON.parse(await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root));
  files = packed.files.map((file: { path: string }) => file.path);
  await cp(join(root, 'test/apps/package'), folder, { recursive: true });
  const shop = { name: 'shop', version: '1.2.3', private: true };
  const dependencies = { '@org/apm': `file:${packed.filename}` };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...shop, dependencies }));
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ ...shop, ...(await readDependencyLock()) }));
  await npm(['install', '--no-audit', '--no-fund', '--omit=dev'], folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const preloads: Record<string, { flags: string[]; env?: Record<string, string> }> = {
  '--import': { flags: ['--import', '@org/apm/register'] },
  '--require': { flags: ['--require', '@org/apm/register'] },
  NODE_OPTIONS: { flags: [], env: { NODE_OPTIONS: '--import @org/apm/register' } },
};

describe.each(NODE_VERSIONS)('installed from its tarball, on Node %s', (version) => {
  describe.each(Object.keys(preloads))('by %s', (how) => {
    it.each(['app.mjs', 'app.cjs'])('measures an unchanged %s', async (file) => {
      const app = await startApp(join(folder, file), { node: node(version), cwd: folder, ...preloads[how] });
      const metrics = await app.metricsUrl();
      for (const path of ['/users/1', '/users/2', '/missing']) await (await fetch(app.url(path))).text();
      expect(requests(await (await fetch(metrics)).text())).toEqual({
        'GET /users/:id 200': 2,
        'GET unmatched 404': 1,
      });
      expect(app.stderr).toBe(`[@org/apm] ${metricsAt(metrics)}\n`);
    });
  });

  it('logs nothing, opens no port and exits at once in a process without a server', async () => {
    await writeFile(join(folder, 'script.mjs'), 'console.log("done");');
    const app = launch(join(folder, 'script.mjs'), { node: node(version), cwd: folder, ...preloads['--import'] });
    expect(await app.exit).toEqual({ code: 0, signal: null });
    expect([app.stdout, app.stderr]).toEqual(['done\n', '']);
  });
});

it('loads a few small files in a process without a server, so that every process starts as fast', async () => {
  const program = `console.log(Object.keys(require.cache).filter((file) => file.includes('apm')).join('\\n'))`;
  await writeFile(join(folder, 'loaded.cjs'), program);
  const app = launch(join(folder, 'loaded.cjs'), { cwd: folder, ...preloads['--import'] });
  await app.exit;
  const dist = await realpath(join(folder, 'node_modules/@org/apm/dist'));
  const files = app.stdout.trimEnd().split('\n');
  expect(files.map((file) => relative(dist, file)).sort()).toEqual([
    '../../../../loaded.cjs',
    'base/lazy.js',
    'base/supported-node.js',
    'calls/databases/mssql-pools.js',
    'config/app-package.js',
    'preload.js',
    'register.js',
    'requests/serving.js',
    'route/frameworks/fastify/instances.js',
  ]);
});

describe('the package', () => {
  it('installs the apm command', async () => {
    const env = { APM_CONTEXT: 'true' };
    const app = await startApp(join(folder, 'app.mjs'), { cwd: folder, ...preloads['--import'], env });
    const metrics = await app.metricsUrl();
    const stdout = await npm(['exec', '--', 'apm', 'doctor', metrics], folder);
    expect(stdout.replace(/pid .*/, 'pid ...').replaceAll(/:\d+/g, ':PORT')).toBe(`shop 1.2.3: pid ...

ok       Preload active.
note     http://[::]:PORT (http): no framework recognised; no request yet.
         -> Send a request: curl http://localhost:PORT/
ok       0 distinct paths; the limit is 500.
ok       Metrics are served at http://localhost:PORT/metrics.
ok       Outgoing calls are measured.

No problems.
`);
  });

  it('contains the files that users need, and no others', () => {
    const many =
      /^dist\/[\w/-]+\.(js|d\.ts)$|^prometheus\/(targets\/)?[\w.]+\.yml$|^deploy\/kubernetes\/[\w/-]+\.(yaml|md)$/;
    const other = files.filter((file) => !many.test(file)).sort();
    expect(other).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.ko.md',
      'README.md',
      'SECURITY.md',
      'bin/apm.js',
      'collector-config.yaml',
      'collector/builder-config.yaml',
      'dist/package.json',
      'docs/bundlers.md',
      'docs/calls.md',
      'docs/compare.md',
      'docs/grpc-and-open-connections.md',
      'docs/handler.md',
      'docs/labels-and-sizes.md',
      'docs/many-processes.md',
      'docs/native-histograms.md',
      'docs/next-and-nuxt.md',
      'docs/package-managers.md',
      'docs/routes.md',
      'docs/snapshot.md',
      'grafana/dashboards/endpoint.json',
      'grafana/dashboards/service.json',
      'grafana/provisioning/dashboards/apm.yaml',
      'grafana/provisioning/datasources/prometheus.yaml',
      'package.json',
      'sbom.cdx.json',
    ]);
    expect(files).toContain('prometheus/prometheus.yml');
    expect(files).toContain('deploy/kubernetes/app.yaml');
    for (const entry of ['index', 'register']) {
      expect(files).toContain(`dist/${entry}.js`);
      expect(files).toContain(`dist/${entry}.d.ts`);
    }
  });

  it('has a CycloneDX SBOM that lists all packages that are installed with it', async () => {
    const sbom = JSON.parse(await readFile(join(folder, 'node_modules/@org/apm/sbom.cdx.json'), 'utf8'));
    expect([sbom.bomFormat, sbom.specVersion, sbom.metadata.component.purl]).toEqual([
      'CycloneDX',
      '1.5',
      expect.stringMatching(/^pkg:npm\/%40org\/apm@\d/),
    ]);
    const lock = JSON.parse(await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
    const installed = Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13));
    const listed = sbom.components.map(({ name }: { name: string }) => name);
    // The charts of the page are bundled, so they are not installed.
    const bundled = listed.filter((name: string) => name === 'uplot');
    expect(bundled).toHaveLength(1);
    expect(new Set([...listed, '@org/apm'])).toEqual(new Set([...installed, ...bundled]));
    for (const { purl, hashes, licenses } of sbom.components) {
      expect(purl).toMatch(/^pkg:npm\//);
      expect(hashes[0].content).toMatch(/^[0-9a-f]{128}$/);
      expect(licenses.length).toBeGreaterThan(0);
    }
  });

  it('installs at most 40 packages, in at most 35 MB', async () => {
    const lock = JSON.parse(await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
    expect(Object.keys(lock.packages).length).toBeLessThanOrEqual(40);
    const entries = await readdir(join(folder, 'node_modules'), { recursive: true, withFileTypes: true });
    const sizes = entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)));
    const bytes = (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
    expect(bytes / 1e6).toBeLessThanOrEqual(35);
  });

  it('has types for what it exports, in CommonJS and in ES modules', async () => {
    const text = `import { type Apm, type SetupOptions, setupApm } from '@org/apm';
       import '@org/apm/register';
       const options: SetupOptions = { serviceName: 'shop', serviceVersion: '1.2.3', buckets: [0.1, 1], exporters: ['otlp'] };
       const apm: Apm = setupApm(options);
       const text: Promise<string> = apm.metrics();
       // @ts-expect-error this option does not exist
       setupApm({ bucket: [1] });
       void text;
      `;
    const files = ['typed.cts', 'typed.mts'];
    for (const file of files) await writeFile(join(folder, file), text);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--typeRoots',
      join(root, 'node_modules/@types'),
      '--types',
      'node',
    ];
    await run(process.execPath, [tsc, ...flags, ...files], { cwd: folder });
  });
});
