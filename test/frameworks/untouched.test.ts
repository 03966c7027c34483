import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import type { Framework } from './framework.ts';
import h3 from './h3/table.ts';
import hapi from './hapi/table.ts';
import hono from './hono/table.ts';
import { install } from './install.ts';
import koa from './koa/table.ts';

const source = join(root, 'test/frameworks/untouched-app.mjs');
const cases: [name: string, framework: Framework, version: string][] = [
  ['plain', koa, '3 with @koa/router 15'],
  ['wrapped', koa, '3 with @koa/router 15'],
  ['koa', koa, '3 with @koa/router 15'],
  ['hono', hono, '4 with node-server 2'],
  ['hono', hono, '4.4 with node-server 1'],
  ['hapi', hapi, '21'],
  ['h31', h3, '1'],
  ['h32', h3, '2'],
];

describe.each(NODE_VERSIONS)("on Node %s, the objects in an app's handlers have no properties of ours:", (version) => {
  test.each(cases)('%s', async (name, framework, frameworkVersion) => {
    const folder = await install(framework, frameworkVersion);
    const file = join(folder, 'untouched.mjs');
    await copyFile(source, file);
    const answers = async (flags: string[] | undefined) => {
      const app = await startApp(file, { node: node(version), cwd: folder, args: [name], ...(flags && { flags }) });
      const texts: string[] = [];
      const add = async (path: string) => texts.push(await (await fetch(`${app.url()}${path}`)).text());
      for (let i = 0; i < 9; i++) await add('');
      if (framework === hono) {
        for (const path of ['fails', ...Array(4).fill('with/middleware'), 'fails', '']) await add(path);
        // Nothing shows that no handler matches, so `notFound` is protected after eight such requests only.
        for (let i = 0; i < 8; i++) await fetch(app.url('/nowhere'));
        await add('nowhere');
      }
      return texts;
    };
    const without = await answers([]);
    expect(without[0]).toContain('hasOwnProperty');
    expect(await answers(undefined)).toEqual(without);
  });
});
