import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { register, startApp } from '../support/app.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import connect from './connect/table.ts';
import express from './express/table.ts';
import fastify from './fastify/table.ts';
import type { Framework } from './framework.ts';
import h3 from './h3/table.ts';
import hapi from './hapi/table.ts';
import hono from './hono/table.ts';
import { install } from './install.ts';
import koa from './koa/table.ts';
import polka from './polka/table.ts';
import restify from './restify/table.ts';

const source = join(root, 'test/frameworks/stack-app.mjs');
const ours = fileURLToPath(new URL('.', register));
const [OLDEST] = NODE_VERSIONS;
const NEWEST = NODE_VERSIONS.at(-1) as typeof OLDEST;

const ROUTE = '/users/ann';
const MOUNTED = '/mount/users/ann';
const MIDDLEWARE = '/middleware';
const PATHS = [ROUTE, MOUNTED, MIDDLEWARE];

/**
 * An app of stack-app.mjs.
 * @property frames  how many frames of ours are in a stack of up to 200 frames, by path; by default none
 */
interface Case {
  readonly name: string;
  readonly framework: Framework;
  readonly version: string;
  readonly frames?: Readonly<Record<string, number>>;
}

// Express passes a request only in the arguments of calls. Each route and each mount must see it.
const EXPRESS = { [ROUTE]: 1, [MOUNTED]: 4 };
// Its first middleware is reached before the request shows its app.
const EXPRESS_4 = { [ROUTE]: 2, [MOUNTED]: 5, [MIDDLEWARE]: 1 };
const EVERYWHERE = { [ROUTE]: 1, [MOUNTED]: 1, [MIDDLEWARE]: 1 };
const cases: readonly Case[] = [
  { name: 'connect', framework: connect, version: '3' },
  { name: 'express', framework: express, version: '4', frames: EXPRESS_4 },
  { name: 'express', framework: express, version: '5', frames: EXPRESS },
  { name: 'fastify', framework: fastify, version: '4' },
  { name: 'fastify', framework: fastify, version: '5' },
  { name: 'h31', framework: h3, version: '1' },
  { name: 'h32', framework: h3, version: '2' },
  { name: 'hapi', framework: hapi, version: '21' },
  { name: 'hono', framework: hono, version: '4 with node-server 2' },
  // Hono passes a lone handler nothing but its context, in the arguments of the call.
  { name: 'honoAlone', framework: hono, version: '4 with node-server 2', frames: EVERYWHERE },
  { name: 'koa', framework: koa, version: '3 with @koa/router 15' },
  { name: 'polka', framework: polka, version: '0.5' },
  { name: 'restify', framework: restify, version: '12' },
];

describe.each([OLDEST, NEWEST])('on Node %s, errors in an app have the stack that they have without us:', (version) => {
  test.each(cases)('$name, version $version', async ({ name, framework, version: of, frames = {} }) => {
    const folder = await install(framework, of);
    const file = join(folder, 'stack.mjs');
    await copyFile(source, file);
    const stacks = async (flags?: string[]): Promise<string[][]> => {
      const app = await startApp(file, { node: node(version), cwd: folder, args: [name], ...(flags && { flags }) });
      // The first requests find the framework.
      for (const path of PATHS) await fetch(app.url(path));
      return Promise.all(PATHS.map(async (path) => linesOf(await (await fetch(app.url(path))).text())));
    };
    const found = await stacks();
    expect(found.map((lines) => lines.filter((line) => !line.includes(ours)))).toEqual(await stacks([]));
    const counts = found.map((lines) => lines.filter((line) => line.includes(ours)).length);
    expect(Object.fromEntries(PATHS.map((path, i) => [path, counts[i]]))).toEqual(
      Object.fromEntries(PATHS.map((path) => [path, frames[path] ?? 0])),
    );
  });
});

/** Without the name that V8 finds for a method: it does not look into getters. */
const linesOf = (stack: string): string[] => {
  const lines = stack.split('\n').map((line) => line.replace(/ \[as \w+\]/, ''));
  expect(lines[0]).toBe('Error: created');
  return lines;
};
