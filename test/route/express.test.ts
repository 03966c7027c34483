import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { express as adapter } from '../../src/route/express.ts';
import { mountTemplate } from '../../src/route/express-template.ts';
import { type App, register, root, startApp } from '../support/app.ts';
import { requests, until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';

const apps = join(root, 'test/apps/express');

/** Express 4; Express 5; and Express 5 with a `router` before 2.3, which keeps nothing of the paths it is given. */
const versions = ['4', '5', '5 with router 2.2'] as const;
type Version = (typeof versions)[number];

/** A label that is not the same in every version: Express 4, Express 5, with router 2.2 where that differs again. */
type Label = string | readonly [express4: string, express5: string, router22?: string];

/** What is asked for, the status, and the `path` it must be counted with. */
const table: readonly [line: string, status: number, label: Label][] = [
  ['GET /', 200, '/'],
  ['GET /?a=b', 200, '/'],
  ['GET /users/ann', 200, '/users/:id'],
  ['GET /users/ann/?a=/b', 200, '/users/:id'],
  ['GET /USERS/a%20b', 200, '/users/:id'],
  ['HEAD /users/ann', 200, '/users/:id'],
  ['POST /users/ann', 201, '/users/:id'],
  ['DELETE /users/ann', 404, 'unmatched'],
  ['GET /mixed/MIXED', 200, '/Mixed/:Case'],
  ['GET /from/x-y', 200, '/from/:a-:b'],
  ['GET /maybe', 200, ['/maybe/:x?', '/maybe{/:x}']],
  ['GET /maybe/so', 200, ['/maybe/:x?', '/maybe{/:x}']],
  ['GET /files/a/b.txt', 200, ['/files/*', '/files/*rest']],
  ['GET /files/none', 404, 'unmatched'],
  ['GET /rx/12', 200, '/^\\/rx\\/(\\d+)$/'],
  ['GET /one', 200, '/one'],
  ['GET /TWO/b', 200, '/two/:x'],
  ['GET /three/3', 200, '/^\\/three\\/\\d+$/'],
  ['GET /all', 200, '/all'],
  ['OPTIONS /all', 200, '/all'],
  ['GET /books/dune', 200, '/books/:isbn'],
  ['PUT /books/dune', 200, '/books/:isbn'],
  ['POST /books/dune', 404, 'unmatched'],
  ['HEAD /nowhere', 404, 'unmatched'],
  ['GET /wp-admin/setup.php', 404, 'unmatched'],
  ['GET /missing/thing', 404, '/missing/:id'],

  // Passed on by routes and middleware.
  ['GET /next/x', 200, '/next/:other'],
  ['GET /passed', 404, 'unmatched'],
  ['GET /sent/x', 200, '/sent/:id'],
  ['GET /through/x', 200, '/through/:y'],
  ['GET /through/x/y', 404, 'unmatched'],
  ['GET /wide/x/y', 200, ['/wide/*', '/wide/*rest']],

  // Errors, answered by an error handler.
  ['GET /throws/x', 500, '/throws/:id'],
  ['GET /fails/x', 503, '/fails/:id'],
  ['GET /rejects/x', 500, '/rejects/:id'],

  // Routers, mounted in several places.
  ['GET /api', 200, '/api'],
  ['GET /API/?a', 200, '/api'],
  ['GET /api/items/api', 200, '/api/items/:item'],
  ['GET /api/fails/x', 500, '/api/fails/:id'],
  ['GET /api/nothing', 404, 'unmatched'],
  ['GET /api/leave/x', 200, '/api/leave/:after'],
  ['GET /tenants/a/leave/x', 404, 'unmatched'],
  ['GET /api/plain/anything', 200, '/api/plain'],
  ['GET /Api/Deep/DEEP', 200, '/api/deep/:level'],
  ['GET /api/deep/x/leaf/deep', 200, '/api/deep/:level/leaf/:leaf'],
  ['GET /api/deep/%2Fx%20y/leaf/%41', 200, '/api/deep/:level/leaf/:leaf'],
  ['GET /api/deep/x/either', 200, '/api/deep/:level/either'],
  ['GET /api/deep/x/or/y', 200, '/api/deep/:level/or/:x'],
  ['GET /tenants/acme', 200, '/tenants/:tenant'],
  ['GET /tenants/tenants/items/x', 200, '/tenants/:tenant/items/:item'],
  ['GET /tenants/x/deep/x/leaf/x', 200, '/tenants/:tenant/deep/:level/leaf/:leaf'],
  ['GET /tenants/a%2Fb/plain', 200, '/tenants/:tenant/plain'],
  ['GET /tenants/a.b/plain', 200, '/tenants/:tenant/plain'],
  ['GET /tenants/a/again/items/x', 200, '/tenants/:tenant/again/items/:item'],
  ['GET /first/leaf/x', 200, '/first/leaf/:leaf'],
  ['GET /SECOND/b/leaf/x', 200, '/second/:x/leaf/:leaf'],
  ['GET /pattern12/leaf/x', 200, ['/^\\/pattern\\d+//leaf/:leaf', '/^\\/pattern\\d+//leaf/:leaf', '/*/leaf/:leaf']],
  ['GET /mixedmount/leaf/x', 200, ['/MixedMount/leaf/:leaf', '/MixedMount/leaf/:leaf', '/mixedmount/leaf/:leaf']],
  ['GET /slashed/leaf/x', 200, '/slashed/leaf/:leaf'],
  ['GET /within/leaf/x', 200, '/within/leaf/:leaf'],

  // Apps in the app.
  ['GET /app/acme', 200, '/app/:tenant'],
  ['GET /app/app/page/x', 200, '/app/:tenant/page/:page'],
  ['GET /app/acme/fails', 500, '/app/:tenant/fails'],
  ['GET /app/acme/router/r/leaf/x', 200, '/app/:tenant/router/:r/leaf/:leaf'],
  ['GET /app/acme/sub/sub', 200, '/app/:tenant/sub/:leaf'],
  ['GET /app/acme/nothing', 404, 'unmatched'],

  // Answers of mounted middleware, and of nobody.
  ['GET /static/app.cjs', 200, '/static'],
  ['GET /static/nothing.cjs', 404, 'unmatched'],
  ['POST /graphql', 200, '/graphql'],
  ['GET /hooks/push', 200, '/hooks/:hook'],
  ['GET /guarded/x', 200, '/guarded/:id'],
  ['OPTIONS /users/ann', 200, '/users/ann'],
  ['OPTIONS /api/items/x', 200, '/api/items/x'],

  // Parameters with a callback, which may answer, fail, or pass the route over.
  ['GET /people/ann', 200, '/people/:person'],
  ['GET /people/ann/pets/rex', 200, '/people/:person/pets/:pet'],
  ['GET /people/ann/friends/leaf/x', 200, '/people/:person/friends/leaf/:leaf'],
  ['GET /people/nobody', 404, '/people/:person'],
  ['GET /people/broken', 500, '/people/:person'],
  ['GET /people/skipped', 200, '/people'],
  ['GET /groups/g/skipped', 404, 'unmatched'],
  ['GET /groups/g/nobody', 404, '/groups/:group/:person'],
  ['GET /groups/g/broken/pets/rex', 500, '/groups/:group/:person/pets/:pet'],
  ['GET /groups/x/y/friends/leaf/x', 200, '/groups/:group/:person/friends/leaf/:leaf'],
  ['GET /staff/x/of/y', 200, '/staff/:person/of/:person'],
  ['GET /rooted/x', 200, '/rooted/:root'],
  ['GET /rooted/nobody', 404, '/rooted/:root'],
  ['GET /rooted/broken', 500, '/rooted/:root'],
];

function counts(version: Version, rows: readonly (readonly [line: string, status: number, label: Label])[]) {
  const found: Record<string, number> = {};
  for (const [line, status, label] of rows) {
    const [express4, express5, router22 = express5] = typeof label === 'string' ? [label, label] : label;
    const path = { '4': express4, '5': express5, '5 with router 2.2': router22 }[version];
    const key = `${line.split(' ')[0]} ${path} ${status}`;
    found[key] = (found[key] ?? 0) + 1;
  }
  return found;
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 });
afterAll(() => agent.destroy());

/** As it stands: `fetch` would tidy the path up. */
function send(port: number, line: string): Promise<number> {
  const [method, path] = line.split(' ');
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent };
    request(options, (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)))
      .on('error', reject)
      .end();
  });
}

/** What is counted once that many requests are: a response may arrive before its end is seen on the other side. */
const counted = (app: App, total: number) =>
  until(
    async () => requests(await app.scrape()),
    (found) => Object.values(found).reduce((sum, count) => sum + count, 0) >= total,
  );

async function runs(app: App, version: Version): Promise<void> {
  const statuses: [string, number][] = [];
  for (const [line] of table) statuses.push([line, await send(app.port, line)]);
  expect(statuses).toEqual(table.map(([line, status]) => [line, status]));
  expect(await counted(app, table.length)).toEqual(counts(version, table));
}

const entry = (version: Version, extension: string) => join(apps, `express${version[0]}.${extension}`);
const router22 = join(apps, 'with-router22.cjs');
const preload = (version: Version) => [
  '--import',
  register,
  ...(version === '5 with router 2.2' ? ['--require', router22] : []),
];

describe.each(versions)('Express %s: every request has its route', (version) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apm-express-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('in a CommonJS app', async () => {
    await runs(await startApp(entry(version, 'cjs'), { flags: preload(version) }), version);
  });

  test('in an ES module', async () => {
    await runs(await startApp(entry(version, 'mjs'), { flags: preload(version) }), version);
  });

  test('in TypeScript under tsx', async () => {
    await runs(await startApp(entry(version, 'ts'), { flags: [...preload(version), '--import', 'tsx'] }), version);
  });

  test.each([false, true])('in a bundle of esbuild, minified: %s', async (minify) => {
    const outfile = join(folder, `minified-${minify}.cjs`);
    await build({
      entryPoints: [entry(version, 'mjs')],
      outfile,
      minify,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      alias: version === '5 with router 2.2' ? { router: 'router22' } : {},
    });
    await runs(await startApp(outfile, { flags: ['--import', register] }), version);
  });

  test.each(NODE_VERSIONS)('on Node %s', async (each) => {
    await runs(await startApp(entry(version, 'cjs'), { flags: preload(version), node: node(each) }), version);
  });

  test('behind a listener that is not the app itself', async () => {
    await runs(await startApp(entry(version, 'cjs'), { flags: preload(version), args: ['--wrapped'] }), version);
  });

  test.each([
    ['GET /api/deep/x/leaf/y', 200, '/api/deep/:level/leaf/:leaf'],
    ['GET /tenants/x/plain', 200, '/tenants/x/plain'],
    ['GET /rejects/x', 500, '/rejects/:id'],
    ['GET /passed', 404, 'unmatched'],
  ])('behind such a listener, the first request too: %s', async (...row) => {
    const app = await startApp(entry(version, 'cjs'), { flags: preload(version), args: ['--wrapped'] });
    expect(await send(app.port, row[0])).toBe(row[1]);
    expect(await counted(app, 1)).toEqual(counts(version, [row]));
  });

  test('when requests overtake each other', async () => {
    const app = await startApp(entry(version, 'cjs'), { flags: preload(version) });
    const rows = Array.from({ length: 40 }, (_, index): [string, number, Label][] => [
      [`GET /people/${index}/friends/leaf/a${index}`, 200, '/people/:person/friends/leaf/:leaf'],
      [`GET /groups/g${index}/${index}/friends/either`, 200, '/groups/:group/:person/friends/either'],
      [`GET /groups/${index}/p${index % 7}/pets/${index}`, 200, '/groups/:group/:person/pets/:pet'],
      [`GET /tenants/t${index % 5}/deep/d${index}/or/${index}`, 200, '/tenants/:tenant/deep/:level/or/:x'],
      [`GET /hooks/h${index}`, 200, '/hooks/:hook'],
    ]).flat();
    const statuses = await Promise.all(rows.map(([line]) => send(app.port, line)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await counted(app, rows.length)).toEqual(counts(version, rows));
  });
});

test('several servers, copies of Express and bare routers in one process', async () => {
  const app = await startApp(join(apps, 'several.cjs'), { ready: /^router22 \d+$/m });
  const port = async (name: string) => Number((await app.said(new RegExp(`^${name} (\\d+)$`, 'm')))[1]);
  for (const name of ['express4', 'express5', 'both', 'router', 'router22']) {
    for (const path of ['/here/x', '/nested/x/leaf/y', '/nowhere']) await send(await port(name), `GET ${path}`);
  }
  // A copy that only shows in a request is known from the second one on, the first one's route by itself.
  for (const path of ['/old/x/here/y', '/old/x/nested/y/leaf/z']) await send(await port('both'), `GET ${path}`);
  // Routes that come after the server listens, under settings that were made after it, too.
  const empty = await port('empty');
  await app.said(/empty no more/);
  expect(await send(empty, 'GET /here/x')).toBe(200);
  expect(await send(empty, 'GET /HERE/x')).toBe(404);

  expect(await counted(app, 19)).toEqual({
    'GET /here/:id 200': 6,
    'GET /nested/:id/leaf/:leaf 200': 5,
    'GET /old/:version/here/:id 200': 1,
    'GET /old/:version/nested/:id/leaf/:leaf 200': 1,
    'GET unmatched 404': 6,
  });
});

describe('the path of a mount', () => {
  const require = createRequire(import.meta.url);
  const noop = () => {};

  test.each([
    ...['/api', '/Api/:Version', '/:lang?', '/a.b/:file.:ext?', '/u/:id(\\d+)', '/f/*', '*', '/:from-:to', '/x/:a?/y'],
    ...['/ab+cd', '/ab?cd', '/a(bc)?d', '/x/(y|z)', '/:path*', '/:path+', '/v1|v2', '/my%20app/:id', /^\/rx\/(\d+)$/],
  ])('Express 4: %s is read back from its regexp', (path) => {
    const router = require('express4').Router().use(path, noop);
    expect(mountTemplate(router.stack[0])).toBe(String(path));
  });

  test('Express 4: of an array, the element that matched', () => {
    const router = require('express4')
      .Router()
      .use(['/A', /^\/r(x)/, '/b/:id', '/'], noop);
    const template = mountTemplate(router.stack[0]) as (own: string, request: { url: string }) => string;
    expect(['/a', '/rx', '/B/7', ''].map((own) => template(own, { url: '/leaf' }))).toEqual([
      '/A',
      '/^\\/r(x)/',
      '/b/:id',
      '',
    ]);
  });

  test.each([
    ['/api', ['/api', '/API', '/Api'], '/api'],
    ['/:a/:b', ['/x/x', '/a/b', '/xx/x', '/x/xx', '/%2F/%41', '/b/a'], '/:a/:b'],
    ['/:a-:b', ['/x-x', '/x-y-z', '/a-b'], '/:a-:b'],
    ['/id/:id', ['/id/id', '/ID/ID', '/id/%69d', '/id/a%20b', '/id/:id'], '/id/:id'],
    ['/my%20app/:id', ['/my%20app/x', '/MY%20app/y'], '/my%20app/:id'],
    ['/f/*rest', ['/f/f', '/f/f/f', '/f/a/%2F/b', '/f/a.b/c'], '/f/*rest'],
    ['/x{/:y}', ['/x', '/X'], '/x'],
    ['/x{/:y}', ['/x/x', '/x/y', '/x/%78'], '/x/:y'],
    [/^\/rx\d+/, ['/rx12'], '/*'],
    // Its first value does not show among the parameters, so it must not show in the route.
    ['/:id/x/:id', ['/a/x/b'], undefined],
  ])('router 2.2: %s is found by asking for %s', (path, asked, expected) => {
    const Router = require('router22');
    for (const each of asked) {
      const router = new Router().use(path, noop);
      const template = mountTemplate(router.stack[0]) as (own: string, request: { url: string }) => string | undefined;
      expect([each, template(each, { url: '/' })]).toEqual([each, expected]);
      for (const other of asked) expect([other, template(other, { url: '/' })]).toEqual([other, expected]);
    }
  });
});

test('an app whose internals refuse the hook answers on, and its requests have no route', async () => {
  const app = createRequire(import.meta.url)('express')();
  app.use('/mounted', (_request: unknown, _response: unknown, next: () => void) => next());
  app.get('/mounted/:id', (_request: unknown, response: { send(text: string): void }) => response.send('ok'));
  for (const layer of app.router.stack) Object.freeze(layer);
  const routes: unknown[] = [];
  const server = createServer(app).listen(0, '127.0.0.1');
  server.prependListener('request', (seen: IncomingMessage) => {
    seen.once('close', () => routes.push(adapter.routeOf(seen, 200)));
  });
  await once(server, 'listening');
  expect(adapter.recognise?.(app)).toBe(true);
  expect(await send((server.address() as AddressInfo).port, 'GET /mounted/x')).toBe(200);
  await until(
    () => routes,
    ({ length }) => length === 1,
  );
  expect(routes).toEqual([undefined]);
  server.close();
});
