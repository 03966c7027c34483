import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import { ask, openSession } from '../support/http2.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { waitForCounts } from './contract.ts';
import fastify from './fastify/table.ts';
import type { Framework } from './framework.ts';
import hapi from './hapi/table.ts';
import hono from './hono/table.ts';
import { install } from './install.ts';
import koa from './koa/table.ts';

const source = join(root, 'test/frameworks/http2-app.mjs');
const cases: [name: string, framework: Framework, version: string, user: string, fails: string][] = [
  ['fastify', fastify, '4', '/users/:id', '/fails/:id'],
  ['fastify', fastify, '5', '/users/:id', '/fails/:id'],
  ['koa', koa, '3 with @koa/router 15', '/users/:id', '/fails/:id'],
  ['hono', hono, '4 with node-server 2', '/users/:id', '/fails/:id'],
  ['hapi', hapi, '21', '/users/{id}', '/fails/{id}'],
];

describe.each(NODE_VERSIONS)('over HTTP/2, on Node %s, every request is counted by its route:', (version) => {
  test.each(cases)('%s', async (name, framework, frameworkVersion, user, fails) => {
    const folder = await install(framework, frameworkVersion);
    const file = join(folder, 'http2.mjs');
    await copyFile(source, file);
    const app = await startApp(file, { node: node(version), cwd: folder, args: [name] });
    const client = await openSession(app.url());
    const paths = ['/users/ann', '/users/bob', '/fails/x', '/nowhere'];
    const statuses = await Promise.all(paths.map(async (path) => (await ask(client, { ':path': path })).status));
    expect(statuses).toEqual([200, 200, 500, 404]);
    expect(await waitForCounts(app, 4)).toEqual({
      [`GET ${user} 200`]: 2,
      [`GET ${fails} 500`]: 1,
      'GET unmatched 404': 1,
    });
  });
});
