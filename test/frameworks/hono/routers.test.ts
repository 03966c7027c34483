import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installPackages } from '../../packages/install.ts';
import { HONO_IN_OTHERS } from '../../packages/tools.ts';
import { startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { waitForCounts } from '../contract.ts';
import { expectedCounts, type Framework, rowsOf } from '../framework.ts';
import { install } from '../install.ts';
import hono from './table.ts';

const source = join(import.meta.dirname, 'routers-app.mjs');

/** No route of these apps is for one method such as GET, and not all read the parameters of the path. */
const REQUESTS = [
  ['GET /all/1', 200, '/all/:id'],
  ['POST /all/2', 200, '/all/:id'],
  ['GET /read/ann', 200, '/read/:id'],
  ['PURGE /cache/z', 200, '/cache/:id'],
  ['GET /closed/vault', 401, '/closed/:thing'],
  ['GET /closed/vault?key=1', 200, '/closed/:thing'],
  ['GET /pong', 200, '/pong'],
  ['GET /nowhere', 404, 'unmatched'],
] satisfies Framework['requests'];

const NEWEST = Object.keys(hono.versions).at(-1) as string;
const routers = ['SmartRouter', 'quick', 'tiny', 'RegExpRouter', 'TrieRouter', 'LinearRouter', 'PatternRouter'];
const servers = ['createAdaptorServer', 'a fetch that waits', 'a fetch without the environment'];

test.each([
  ...routers.map((router) => [NEWEST, router, 'serve']),
  ...servers.map((server) => [NEWEST, 'SmartRouter', server]),
  ...Object.keys(hono.versions).map((version) => [version, 'RegExpRouter', 'serve']),
])('Hono %s with the %s, served by %s, shows routes for all methods', async (version, router, server) => {
  const folder = await install(hono, version);
  await expectRoutes(folder, [router, server], REQUESTS);
});

test('Hono served by Fastify shows its own routes', async () => {
  await expectRoutes(await installPackages(HONO_IN_OTHERS), ['SmartRouter', 'Fastify'], REQUESTS);
});

test('Hono served by Express shows its routes below the mount of Express', async () => {
  const below = REQUESTS.map(([line, status, label]) => {
    // An answer of Hono that it has no such route is an answer of the mount.
    const path = `/tenants/:tenant${label === 'unmatched' ? '' : label}`;
    return [line.replace(' ', ' /tenants/acme'), status, path] as const;
  });
  await expectRoutes(await installPackages(HONO_IN_OTHERS), ['SmartRouter', 'Express'], below);
});

test('Hono below nested routers of Express has the names of their parameters, which a client gives the values of', async () => {
  const requests = ['ann', 'bob', 'eve', 'kim', 'hono'].map(
    (tenant) => [`GET /${tenant}/hono/all/1`, 200, '/:tenant/hono/all/:id'] as const,
  );
  await expectRoutes(await installPackages(HONO_IN_OTHERS), ['SmartRouter', 'routers of Express'], requests);
});

async function expectRoutes(folder: string, args: string[], requests: Framework['requests']): Promise<void> {
  const file = join(folder, 'routers.mjs');
  await copyFile(source, file);
  const app = await startApp(file, { cwd: folder, args });
  const client = new Client();
  const rows = rowsOf({ name: 'Hono', versions: {}, requests }, '');
  for (const { line, status } of rows) expect([line, await client.send(app.port, { line })]).toEqual([line, status]);
  const labelled = rows.map((row) => ({ ...row, line: row.line.replace('PURGE', '_OTHER') }));
  expect(await waitForCounts(app, rows.length)).toEqual(expectedCounts(labelled));
  client.close();
}
