import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, it, type TestContext } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS } from '../packages/tools.ts';
import { type App, register, startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { labels, samples } from '../support/exposition.ts';
import { NODE_VERSIONS, type NodeVersion, node, OLDEST_NODE } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { shared } from '../support/shared.ts';
import { createAppFolder } from './support/app-folder.ts';
import { databaseServer } from './support/servers.ts';

const packages = shared(() => installPackages(DATABASE_DRIVERS));

const PRELOAD = ['--import', register];
const TSX = ['--import', pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href];

/** How an app is loaded: a file of apps/modules, the name that it gets, and the flags of Node. */
const WAYS = {
  'import, preloaded by --import': { app: 'app.mjs', file: 'app.mjs', type: 'module', flags: PRELOAD },
  'require, preloaded by --require': {
    app: 'app.cjs',
    file: 'app.cjs',
    type: 'commonjs',
    flags: ['--require', fileURLToPath(register)],
  },
  'require, preloaded by --import': { app: 'app.cjs', file: 'app.js', type: 'commonjs', flags: PRELOAD },
  'import under tsx': { app: 'app.mjs', file: 'app.ts', type: 'module', flags: [...TSX, ...PRELOAD] },
  'require under tsx': { app: 'app.cjs', file: 'app.ts', type: 'commonjs', flags: [...TSX, ...PRELOAD] },
} as const;
type Way = keyof typeof WAYS;

/** On the oldest Node each way, and on each other Node both kinds of modules. */
const CASES = NODE_VERSIONS.flatMap((version) => {
  const ways = Object.keys(WAYS) as Way[];
  return (version === OLDEST_NODE ? ways : ways.slice(0, 2)).map((way): [Way, NodeVersion] => [way, version]);
});

/** Starts an app whose route `/calls` makes one call of each kind. */
async function start(test: TestContext, way: Way, version: NodeVersion, moreFlags: string[] = []): Promise<App> {
  const { app, file, type, flags } = WAYS[way];
  const [postgres, redis] = [databaseServer('postgres', test), databaseServer('redis', test)];
  const folder = await createAppFolder(packages(), type, { [file]: `modules/${app}` });
  return startApp(file, {
    node: node(version),
    cwd: folder,
    flags: [...moreFlags, ...flags],
    env: {
      APM_CONTEXT: 'true',
      SERVE: pathToFileURL(join(root, 'test/databases/apps/modules/serve.mjs')).href,
      POSTGRES_PORT: String(postgres.port),
      REDIS_PORT: String(redis.port),
    },
  });
}

/** The counted calls, such as `postgresql SELECT`. The HTTP calls are those of the app to itself. */
async function countCalls(app: App): Promise<Record<string, number>> {
  const counts = Object.entries(samples(await app.scrape()))
    .filter(([sample]) => /^(http|db)_client_duration_count\{/.test(sample))
    .map(([sample, count]): [string, number] => {
      const { system = 'http', operation, method } = labels(sample);
      return [`${system} ${operation ?? method}`, count];
    });
  return Object.fromEntries(counts);
}

/** The packages of all files that the app has loaded. */
async function loadedPackages(app: App): Promise<string[]> {
  const files: string[] = JSON.parse((await call(app.url('/modules'))).body);
  const names = files.map((file) => /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

const isInstrumentation = (name: string): boolean =>
  /^@opentelemetry\/(auto-)?instrumentation/.test(name) || /^(import|require)-in-the-middle$/.test(name);

it.for(CASES)(
  'measures calls without an instrumentation of OpenTelemetry: %s, on Node %s',
  async ([way, version], test) => {
    const app = await start(test, way, version);
    await call(app.url('/calls'));
    // Beside these, drivers ask some things of a server when they connect.
    expect(await countCalls(app)).toMatchObject({ 'http GET': 2, 'postgresql SELECT': 1, 'redis GET': 1 });
    const loaded = await loadedPackages(app);
    expect(loaded.filter(isInstrumentation)).toEqual([]);
    // So that an empty list says something.
    expect(loaded).toEqual(expect.arrayContaining(['@opentelemetry/sdk-metrics', 'ioredis', 'pg']));
  },
);

it('would find an instrumentation that something else loads', async (test) => {
  const upstream = createRequire(import.meta.url).resolve('@opentelemetry/instrumentation-http');
  const app = await start(test, 'import, preloaded by --import', OLDEST_NODE, ['--require', upstream]);
  const loaded = await loadedPackages(app);
  expect(loaded.filter(isInstrumentation)).toEqual(
    expect.arrayContaining(['@opentelemetry/instrumentation', '@opentelemetry/instrumentation-http']),
  );
});
