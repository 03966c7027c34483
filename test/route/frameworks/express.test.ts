import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { RECORD } from '../../../src/requests/request-record.ts';
import { adapterFailures } from '../../../src/route/adapter-failure.ts';
import { express as adapter } from '../../../src/route/frameworks/express/index.ts';
import { mountTemplate } from '../../../src/route/frameworks/express/template.ts';
import { waitForCounts } from '../../frameworks/contract.ts';
import framework from '../../frameworks/express/table.ts';
import { type Expected, expectedCounts, rowsOf } from '../../frameworks/framework.ts';
import { install } from '../../frameworks/install.ts';
import { makeVariant, type Program } from '../../frameworks/variants.ts';
import { root, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { until } from '../../support/exposition.ts';

const apps = join(root, 'test/apps/express');

const client = new Client();
afterAll(() => client.close());
const send = (port: number, line: string) => client.send(port, line);

const row = (line: string, status: number, label: string): Expected => ({ line, status, label, extras: {} });

// The contract of all frameworks is in test/frameworks. This file has what only Express does.
describe.each(Object.keys(framework.versions))('Express %s: every request has its route', (version) => {
  let program: Program;
  beforeAll(async () => {
    const folder = await install(framework, version);
    program = await makeVariant(framework, join(root, 'test/frameworks/express/app.ts'), folder, 'CommonJS');
  }, 300_000);
  const start = (...args: string[]) => startApp(program.file, { args, cwd: dirname(program.file) });

  test('behind a listener that is not the app itself', async () => {
    const app = await start('--wrapped');
    const rows = rowsOf(framework, version);
    const statuses: [string, number][] = [];
    for (const { line, extras } of rows) statuses.push([line, await client.send(app.port, { line, ...extras })]);
    expect(statuses).toEqual(rows.map(({ line, status }) => [line, status]));
    expect(await waitForCounts(app, rows.length)).toEqual(expectedCounts(rows));
  });

  test.each([
    ['GET /api/deep/x/leaf/y', 200, '/api/deep/:level/leaf/:leaf'],
    ['GET /tenants/x/plain', 200, '/tenants/x/plain'],
    ['GET /rejects/x', 500, '/rejects/:id'],
    ['GET /passed', 404, 'unmatched'],
  ])('behind such a listener, the first request too: %s', async (line, status, label) => {
    const app = await start('--wrapped');
    expect(await send(app.port, line)).toBe(status);
    expect(await waitForCounts(app, 1)).toEqual(expectedCounts([row(line, status, label)]));
  });

  test('of requests that middleware answers before any route has', async () => {
    const app = await start();
    const rows = [
      row('GET /tenants/acme/deep/x/leaf/y', 503, '/tenants/:tenant/deep/:level/leaf/:leaf'),
      row('POST /users/ann', 503, '/users/:id'),
      row('PATCH /all', 503, '/all'),
      row('GET /second/b/or/x', 503, '/second/:x/or/:x'),
      row('GET /graphql', 503, '/graphql'),
      // The app below is known from its first request on, so this is its mount.
      row('GET /app/acme/page/x', 503, '/app/:tenant'),
      row('GET /wp-admin/x.php', 503, 'unmatched'),
    ];
    for (const { line } of rows) await client.send(app.port, { line, headers: { 'x-before': '503' } });
    expect(await waitForCounts(app, rows.length)).toEqual(expectedCounts(rows));
  });

  test('when many requests are in flight at once', async () => {
    const app = await start();
    const rows = Array.from({ length: 40 }, (_, index) => [
      row(`GET /people/${index}/friends/leaf/a${index}`, 200, '/people/:person/friends/leaf/:leaf'),
      row(`GET /groups/g${index}/${index}/friends/either`, 200, '/groups/:group/:person/friends/either'),
      row(`GET /groups/${index}/p${index % 7}/pets/${index}`, 200, '/groups/:group/:person/pets/:pet'),
      row(`GET /tenants/t${index % 5}/deep/d${index}/or/${index}`, 200, '/tenants/:tenant/deep/:level/or/:x'),
      row(`GET /hooks/h${index}`, 200, '/hooks/:hook'),
    ]).flat();
    const statuses = await Promise.all(rows.map(({ line }) => send(app.port, line)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await waitForCounts(app, rows.length)).toEqual(expectedCounts(rows));
  });
});

test('several servers, copies of Express and bare routers in one process', async () => {
  const app = await startApp(join(apps, 'several.cjs'), { ready: /^router22 \d+$/m });
  const port = async (name: string) => Number((await app.waitForOutput(new RegExp(`^${name} (\\d+)$`, 'm')))[1]);
  for (const name of ['express4', 'express5', 'both', 'router', 'router22']) {
    for (const path of ['/here/x', '/nested/x/leaf/y', '/nowhere']) await send(await port(name), `GET ${path}`);
  }
  // A copy of Express that is found only in a request is hooked from the second request on; the first one's route is found
  // in the routers of the app.
  for (const path of ['/old/x/here/y', '/old/x/nested/y/leaf/z']) await send(await port('both'), `GET ${path}`);
  // Also routes and settings that the app makes after its server listens.
  const empty = await port('empty');
  await app.waitForOutput(/empty no more/);
  expect(await send(empty, 'GET /here/x')).toBe(200);
  expect(await send(empty, 'GET /HERE/x')).toBe(404);

  expect(await waitForCounts(app, 19)).toEqual({
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
    expect(mountTemplate(router.stack[0])).toBe(path);
  });

  test('Express 4: of an array, the element that matched', () => {
    const router = require('express4')
      .Router()
      .use(['/A', /^\/r(x)/, '/b/:id', '/'], noop);
    const template = mountTemplate(router.stack[0]) as (own: string, request: { url: string }) => string | RegExp;
    expect(['/a', '/rx', '/B/7', ''].map((own) => template(own, { url: '/leaf' }))).toEqual([
      '/A',
      /^\/r(x)/,
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
    // The parameters do not contain the first value, so the route must not contain it either.
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

test('an app whose layers cannot be changed answers as before, and its requests have no route', async () => {
  const app = createRequire(import.meta.url)('express')();
  app.use('/mounted', (_request: unknown, _response: unknown, next: () => void) => next());
  app.get('/mounted/:id', (_request: unknown, response: { send(text: string): void }) => response.send('ok'));
  for (const layer of app.router.stack) Object.freeze(layer);
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => logged.mockRestore());
  const routes: unknown[] = [];
  const server = createServer(app).listen(0, '127.0.0.1');
  server.prependListener('request', (seen: IncomingMessage & { [RECORD]?: object }) => {
    seen[RECORD] = {};
    seen.once('close', () => routes.push(adapter.routeOf(seen, 200, server)));
  });
  await once(server, 'listening');
  expect(adapter.recognise?.(app, server)).toBe(true);
  expect(await send((server.address() as AddressInfo).port, 'GET /mounted/x')).toBe(200);
  await until(
    () => routes,
    ({ length }) => length === 1,
  );
  expect(routes).toEqual([undefined]);
  const text = 'its adapter threw an error; the stderr of the process shows it';
  expect(adapterFailures()).toEqual([{ framework: 'Express', text }]);
  expect(logged.mock.calls).toEqual([[expect.stringContaining('could not read the routes of Express: TypeError: ')]]);
  server.close();
});
