import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { type AppOptions, register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../../support/nodes.ts';
import { type Build, buildApp } from '../built-app.ts';
import { expectContract, watchPrototype } from '../contract.ts';
import { type Framework, type Row, rowsOf } from '../framework.ts';
import { filesFor } from './app.files.ts';
import svelteKit, { based, custom } from './table.ts';

const framework: Framework = svelteKit;
const VERSIONS = ['2', '3'] as const;
const [OLDEST, ...NEWER] = NODE_VERSIONS;
const NEWEST = NODE_VERSIONS.at(-1) as NodeVersion;
/** Each line of Node runs one version. Version 3 needs Node 22.17. */
const NODES = { '2': [OLDEST, ...NEWER.slice(0, 2)], '3': NEWER.slice(2) };
/** Requests with this origin are from the app's own pages. */
const ORIGIN = 'http://app.test';
const LISTENING = /Listening on http:\/\/[^:]+:(\d+)/i;

const buildOf = (version: '2' | '3', env: Record<string, string> = {}): Build => ({
  files: filesFor(version),
  command: ['node_modules/vite/bin/vite.js', 'build'],
  node: node(NEWEST),
  env,
});

describe.each(VERSIONS)('SvelteKit %s: every request is counted by its route', (version) => {
  const client = new Client();
  let folder: string;
  beforeAll(async () => {
    folder = await buildApp(framework, version, buildOf(version));
  }, 300_000);
  afterAll(() => client.close());

  const serve = async (file: string, on: NodeVersion, ready?: AppOptions['ready']) =>
    startApp(join(folder, file), {
      node: node(on),
      cwd: folder,
      flags: ['--import', watchPrototype, '--import', register],
      env: { PORT: await freePort(), HOST: '127.0.0.1', ORIGIN },
      ...(ready && { ready }),
    });
  const rows = (requests: readonly Row[]) => rowsOf({ ...framework, requests }, version);

  test.each(NODES[version])('node build on Node %s', async (each) => {
    await expectContract(await serve('build/index.js', each, LISTENING), client, rows(framework.requests));
  });

  test('a custom Express server', async () => {
    await expectContract(await serve('custom.js', NEWEST), client, rows([...framework.requests, ...custom]));
  });

  test('a server of Node.js in another folder', async () => {
    await expectContract(await serve('server/plain.js', NEWEST), client, rows(framework.requests));
  });
});

test('SvelteKit 2 below a path of its own', async () => {
  const folder = await buildApp(framework, '2', buildOf('2', { BASE: '/shop' }), 'built-based');
  const client = new Client();
  const app = await startApp(join(folder, 'based'), {
    node: node(OLDEST),
    cwd: folder,
    flags: ['--import', watchPrototype, '--import', register],
    env: { PORT: await freePort(), HOST: '127.0.0.1' },
    ready: LISTENING,
  });
  await expectContract(app, client, rowsOf({ ...framework, requests: based }, '2'));
  client.close();
}, 300_000);
