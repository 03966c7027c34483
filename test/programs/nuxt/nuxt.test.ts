import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectContract, watchPrototype } from '../../frameworks/contract.ts';
import { type Framework, type Row, rowsOf } from '../../frameworks/framework.ts';
import { install } from '../../frameworks/install.ts';
import { register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { requests, until } from '../../support/exposition.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../../support/nodes.ts';
import nuxt, { based } from './table.ts';

const framework: Framework = nuxt;
/** Nuxt 4 does not build on Node 20. */
const BUILT_ON = NODE_VERSIONS.find((version) => version.startsWith('24')) as NodeVersion;

const built: string[] = [];
afterAll(() => Promise.all(built.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Builds the app with one version. @returns its folder */
async function build(version: string, env: Record<string, string> = {}): Promise<string> {
  const installed = await install(framework, version);
  const folder = await mkdtemp(join(installed, 'app-'));
  built.push(folder);
  await cp(join(import.meta.dirname, 'app'), folder, { recursive: true });
  await symlink(join(installed, 'node_modules'), join(folder, 'node_modules'));
  const command = join(installed, 'node_modules/nuxt/bin/nuxt.mjs');
  await promisify(execFile)(node(BUILT_ON), [command, 'build'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CI: '1', NODE_ENV: 'production', ...env },
  });
  return folder;
}

const serve = async (folder: string, on: NodeVersion) =>
  startApp(join(folder, '.output/server/index.mjs'), {
    node: node(on),
    cwd: folder,
    flags: ['--import', watchPrototype, '--import', register],
    ready: /Listening on:? http:\/\/[^:]+:(\d+)/i,
    env: { PORT: await freePort(), HOST: '127.0.0.1' },
  });

async function expectRows(folder: string, on: NodeVersion, version: string, rows: readonly Row[]): Promise<void> {
  const client = new Client();
  try {
    await expectContract(await serve(folder, on), client, rowsOf({ ...framework, requests: rows }, version));
  } finally {
    client.close();
  }
}

describe.each(Object.keys(framework.versions))('Nuxt %s: every request is counted by its page', (version) => {
  let folder: string;
  beforeAll(async () => {
    folder = await build(version);
  }, 600_000);

  test.each(NODE_VERSIONS)('on Node %s', (each) => expectRows(folder, each, version, nuxt.requests));

  test('with a base URL', async () => {
    const moved = await build(version, { NUXT_TEST_BASE: '/base/' });
    await expectRows(moved, BUILT_ON, version, based);
  }, 300_000);
});

test('Nuxt without rendering on the server: the page is guessed, and the log says how to name it', async () => {
  const client = new Client();
  afterAll(() => client.close());
  const app = await serve(await build('4', { NUXT_TEST_SSR: 'false' }), BUILT_ON);
  for (let id = 1; id <= 10; id++) expect(await client.send(app.port, `GET /users/${id}`)).toBe(200);
  const counted = { 'GET /users/:id 200': 10 };
  const found = await until(
    async () => requests(await app.scrape()),
    (each) => each['GET /users/:id 200'] === 10,
  );
  expect(found).toEqual(counted);
  const line =
    '[@org/apm] could not read the routes of Nuxt: none of its first 10 pages was rendered on the server (`ssr: false`) by Vue 3.3 or later; its requests are counted by the shape of their paths. Name its routes with APM_ROUTES\n';
  expect(
    await until(
      async () => app.stderr,
      (text) => text.includes(line),
    ),
  ).toContain(line);
}, 300_000);
