import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { type App, register, startApp } from '../support/app.ts';
import { ask, openSession } from '../support/http2.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { waitForCounts } from './contract.ts';
import type { Framework } from './framework.ts';
import h3 from './h3/table.ts';
import hapi from './hapi/table.ts';
import hono from './hono/table.ts';
import { install } from './install.ts';
import koa from './koa/table.ts';
import { REQUIRE } from './variants.ts';

const source = join(root, 'test/frameworks/late-listener-app.mjs');
const [OLDEST] = NODE_VERSIONS;
const NEWEST = NODE_VERSIONS.at(-1) as NodeVersion;
const KOA = ['koa', koa, '3 with @koa/router 15', '/users/:id'] as const;
const CASES: [name: string, framework: Framework, version: string, route: string, on: NodeVersion][] = [
  ...NODE_VERSIONS.map((on) => [...KOA, on] as [...typeof KOA, NodeVersion]),
  ['hapi', hapi, '21', '/users/{id}', OLDEST],
  ['hono', hono, '4 with node-server 2', '/users/:id', NEWEST],
  ['hono', hono, '4.4 with node-server 1', '/users/:id', OLDEST],
  ['h31', h3, '1', '/users/:id', OLDEST],
  ['h32', h3, '2', '/users/:id', NEWEST],
];

const PACKAGES = ['koa', '@koa/router', '@hapi/hapi', 'hono', '@hono/node-server', 'h3'];

/** Writes the app to the folder with its packages. */
async function writeApp(folder: string, isMinified: boolean): Promise<string> {
  const file = join(folder, 'late-listener.mjs');
  await copyFile(source, file);
  if (!isMinified) return file;
  const outfile = join(folder, 'late-listener-bundle.mjs');
  await build({
    ...REQUIRE,
    entryPoints: [file],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: PACKAGES.filter((name) => !existsSync(join(folder, 'node_modules', name))),
    logLevel: 'error',
  });
  return outfile;
}

/** Requests that the app answers itself, before the framework gets one. */
const PROBES = 5;

/** Sends the same requests to each server of an app. @returns the bodies of the answers, by server */
async function askAll(app: App): Promise<Record<string, string[]>> {
  const [, text = ''] = await app.waitForOutput(/^ports (.*)$/m);
  const found: Record<string, string[]> = {};
  for (const [form, port] of Object.entries(JSON.parse(text) as Record<string, number>)) {
    const url = (path: string) => `http://127.0.0.1:${port}${path}`;
    const session = form === 'over HTTP/2' ? await openSession(url('')) : undefined;
    const get = async (path: string) =>
      session ? (await ask(session, { ':path': path })).body : (await fetch(url(path))).text();
    for (let i = 0; form === 'after probes' && i < PROBES; i++) await get('/health');
    found[form] = [await get('/users/ann'), await get('/users/bob')];
    await get('/nowhere');
  }
  return found;
}

/** @returns the answers with and without us, and the app with us */
async function compareAnswers(file: string, name: string, on: NodeVersion, flags: readonly string[] = []) {
  const start = (more: string[]) =>
    startApp(file, { node: node(on), cwd: dirname(file), args: [name], flags: [...flags, ...more] });
  const [without, app] = await Promise.all([start([]), start(['--import', register])]);
  const expected = await askAll(without);
  expect(expected.function?.[0]).toContain('hasOwnProperty');
  expect(await askAll(app)).toEqual(expected);
  return { app, forms: Object.keys(expected).length };
}

describe('a framework behind listeners of the app that do not show it', () => {
  test.each(CASES)(
    '%s (%#): the first requests have their routes, and the app sees nothing of ours',
    async (name, framework, version, route, on) => {
      const folder = await install(framework, version);
      for (const isMinified of on === OLDEST ? [false, true] : [false]) {
        const { app, forms } = await compareAnswers(await writeApp(folder, isMinified), name, on);
        expect(await waitForCounts(app, 3 * forms + PROBES)).toEqual({
          'GET /health 200': PROBES,
          [`GET ${route} 200`]: 2 * forms,
          'GET unmatched 404': forms,
        });
      }
    },
  );

  test('under frozen intrinsics the app answers as without us, and no request is lost', async () => {
    const file = await writeApp(await install(hono, '4 with node-server 2'), false);
    const { app, forms } = await compareAnswers(file, 'hono', OLDEST, ['--frozen-intrinsics']);
    const counts = await waitForCounts(app, 3 * forms + PROBES);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(3 * forms + PROBES);
  });
});
