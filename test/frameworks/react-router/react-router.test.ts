import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type AppOptions, register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../../support/nodes.ts';
import { type Build, buildApp } from '../built-app.ts';
import { expectContract, watchPrototype } from '../contract.ts';
import { type Framework, type Row, rowsOf } from '../framework.ts';
import { files } from './app.files.ts';
import reactRouter, { custom, mounted } from './table.ts';

const framework: Framework = reactRouter;
const NEWEST = NODE_VERSIONS.at(-1) as NodeVersion;
const FLAGS = ['--import', watchPrototype, '--import', register];
const BUILD_TOOLS = { '7': 'node_modules/@react-router/dev/bin.js', '8': 'node_modules/@react-router/dev/bin.cjs' };
const [OLDEST, ...NEWER] = NODE_VERSIONS;
/** Each line of Node runs one version. Version 8 does not run on the oldest. */
const NODES = { '7': [OLDEST, ...NEWER.slice(1, 2)], '8': [...NEWER.slice(0, 1), ...NEWER.slice(2)] };

const buildOf = (version: keyof typeof BUILD_TOOLS, env: Record<string, string> = {}): Build => ({
  files,
  command: [BUILD_TOOLS[version], 'build'],
  node: node(NEWEST),
  env,
});

describe.each(Object.keys(BUILD_TOOLS) as (keyof typeof BUILD_TOOLS)[])(
  'React Router %s: every request is counted by its route',
  (version) => {
    const client = new Client();
    let folder: string;
    beforeAll(async () => {
      folder = await buildApp(framework, version, buildOf(version));
    }, 300_000);
    afterAll(() => client.close());

    const serve = (file: string, on: NodeVersion, options: AppOptions = {}) =>
      startApp(join(folder, file), {
        node: node(on),
        cwd: folder,
        flags: FLAGS,
        ...options,
      });
    const rows = (requests: readonly Row[]) => rowsOf({ ...framework, requests }, version);

    test.each(NODES[version])('react-router-serve on Node %s', async (each) => {
      const app = await serve('node_modules/.bin/react-router-serve', each, {
        args: ['build/server/index.js'],
        ready: /\[react-router-serve\] http:\/\/localhost:(\d+)/,
        env: { PORT: await freePort(), HOST: '127.0.0.1' },
      });
      await expectContract(app, client, rowsOf(framework, version));
    });

    test('a custom Express server', async () => {
      const app = await serve('custom.js', NEWEST);
      await expectContract(app, client, rows([...framework.requests, ...custom]));
    });

    test('a minified bundle of the server and the app', async () => {
      await mkdir(join(folder, 'bundle'), { recursive: true });
      await build({
        absWorkingDir: folder,
        entryPoints: ['bundled.js'],
        outfile: 'bundle/index.cjs',
        bundle: true,
        minify: true,
        platform: 'node',
        logLevel: 'error',
      });
      const app = await serve('bundle/index.cjs', NEWEST);
      await expectContract(app, client, rowsOf(framework, version));
    });
  },
);

test('React Router 8 with a basename, mounted in Express', async () => {
  const folder = await buildApp(framework, '8', buildOf('8', { BASENAME: '/admin' }), 'built-mounted');
  const app = await startApp(join(folder, 'mounted.js'), { node: node(NEWEST), cwd: folder, flags: FLAGS });
  const client = new Client();
  await expectContract(app, client, rowsOf({ ...framework, requests: mounted }, '8'));
  client.close();
}, 300_000);
