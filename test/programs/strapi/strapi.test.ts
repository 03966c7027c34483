import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { waitForCounts } from '../../frameworks/contract.ts';
import { installPackages } from '../../packages/install.ts';
import { STRAPI } from '../../packages/tools.ts';
import { startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { node, OLDEST_NODE } from '../../support/nodes.ts';
import { APP_FILES } from './app-files.ts';

let folder: string;

beforeAll(async () => {
  const packages = await installPackages(STRAPI);
  await compileDatabase(packages);
  folder = join(packages, 'app');
  await rm(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(APP_FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}, 600_000);

/** Compiles better-sqlite3 for the Node that runs the app. Its package has Node's headers. */
async function compileDatabase(packages: string): Promise<void> {
  const cwd = join(packages, 'node_modules/better-sqlite3');
  if (existsSync(join(cwd, 'build/Release/better_sqlite3.node'))) return;
  const binary = node(OLDEST_NODE);
  const gyp = join(packages, 'node_modules/node-gyp/bin/node-gyp.js');
  const headers = dirname(dirname(binary));
  await promisify(execFile)(binary, [gyp, 'rebuild', '--release', `--nodedir=${headers}`], { cwd });
}

const JSON_BODY = { headers: { 'Content-Type': 'application/json' }, body: '{"data":{"title":"first"}}' };
const stop = (status: number) => ({ headers: { 'x-stop': String(status) } });

test('counts the requests of Strapi 5, which makes its listener at the first request, by its routes', async () => {
  const env = { NODE_ENV: 'production', STRAPI_TELEMETRY_DISABLED: 'true' };
  const app = await startApp(join(folder, 'server.js'), { cwd: folder, node: node(OLDEST_NODE), env });
  const client = new Client();
  const requests: [line: string, status: number, label: string, extras?: object][] = [
    ['GET /api/articles/abc', 404, '/api/articles/:id'],
    ['POST /api/articles', 201, '/api/articles', JSON_BODY],
    ['GET /api/articles', 200, '/api/articles'],
    ['PUT /api/articles/abc', 403, '/api/articles/:id', JSON_BODY],
    ['DELETE /api/articles/xyz', 403, '/api/articles/:id'],
    ['GET /admin/users/1', 401, '/admin/users/:id'],
    ['POST /api/auth/local', 400, '/api/auth/local', JSON_BODY],
    ['GET /_health', 204, '/_health'],
    ['GET /uploads/here.txt', 200, '/uploads/(.*)'],
    // Middleware before the router answers.
    ['GET /api/articles/ann', 401, '/api/articles/:id', stop(401)],
    ['GET /admin/roles/bob', 429, '/admin/roles/:id', stop(429)],
    ['GET /admin/nothing/bob', 503, 'unmatched', stop(503)],
    // No route answers these. Strapi searches the folder of public files.
    ['GET /api/nothing', 404, 'unmatched'],
    ['GET /nowhere', 404, 'unmatched'],
    ['GET /uploads/missing.png', 404, 'unmatched'],
  ];
  const found: [string, number][] = [];
  for (const [line, , , extras] of requests) found.push([line, await client.send(app.port, { line, ...extras })]);
  client.close();
  expect(found).toEqual(requests.map(([line, status]) => [line, status]));
  const expected: Record<string, number> = {};
  for (const [line, status, label] of requests) {
    const series = `${line.split(' ')[0]} ${label} ${status}`;
    expected[series] = (expected[series] ?? 0) + 1;
  }
  expect(await waitForCounts(app, requests.length)).toEqual(expected);
});
