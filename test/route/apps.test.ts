import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import connect from '../frameworks/connect/table.ts';
import express from '../frameworks/express/table.ts';
import fastify from '../frameworks/fastify/table.ts';
import type { Framework } from '../frameworks/framework.ts';
import h3 from '../frameworks/h3/table.ts';
import hapi from '../frameworks/hapi/table.ts';
import hono from '../frameworks/hono/table.ts';
import { install } from '../frameworks/install.ts';
import koa from '../frameworks/koa/table.ts';
import polka from '../frameworks/polka/table.ts';
import restify from '../frameworks/restify/table.ts';
import { type App, register, startApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { waitForRequests } from '../support/outcome.ts';
import { root } from '../support/root.ts';

const SOURCE = join(root, 'test/apps/route/isolated.mjs');

/** A path for each of the apps `one` (it answers 200) and `other` (201), and the `path` label that each must have. */
type Requests = readonly (readonly [paths: readonly [string, string], one: string, other: string])[];

const OVERLAPPING: Requests = [
  [['/users/ann', '/users/ann'], '/users/:id', '/:kind/:name'],
  [['/all/ann', '/all/ann'], '/all/:id', '/:kind/:name'],
];

/** The same with the parameters as another framework writes them. */
function written(parameter: string): Requests {
  const rewrite = (route: string) => route.replace(/:(\w+)/g, parameter);
  return OVERLAPPING.map(([paths, one, other]) => [paths, rewrite(one), rewrite(other)]);
}

interface Case {
  /** In isolated.mjs. */
  readonly name: string;
  readonly framework: Framework;
  readonly version: string;
  readonly requests?: Requests;
  /** Not dropped a thousand times: the adapter keeps the same for another version. */
  readonly isOlder?: true;
}
const CASES: readonly Case[] = [
  { name: 'express', framework: express, version: '4', isOlder: true },
  { name: 'express', framework: express, version: '5 with router 2.2', isOlder: true },
  { name: 'express', framework: express, version: '5' },
  { name: 'fastify', framework: fastify, version: '4', isOlder: true },
  { name: 'fastify', framework: fastify, version: '5' },
  { name: 'koa', framework: koa, version: '3 with @koa/router 15' },
  { name: 'hapi', framework: hapi, version: '21', requests: written('{$1}') },
  { name: 'hono', framework: hono, version: '4.4 with node-server 1', isOlder: true },
  { name: 'hono', framework: hono, version: '4 with node-server 2' },
  { name: 'h3', framework: h3, version: '1' },
  { name: 'h3', framework: h3, version: '2' },
  { name: 'restify', framework: restify, version: '12' },
  // Which of two templates was meant is only known from other requests to the same app: the first ones here.
  {
    name: 'polka',
    framework: polka,
    version: '0.5',
    requests: [
      [['/users/ann', '/ann/users'], '/users/:id', '/:id/users'],
      [['/users/users', '/users/users'], '/users/:id', '/:id/users'],
    ],
  },
];
/** Next.js leaves its routes on requests. That needs no package, so the app runs in any folder. */
const NEXT: Case = { name: 'next', framework: connect, version: '3', requests: written('[$1]') };

async function start({ framework, version }: Case, args: readonly string[], flags: string[]): Promise<App> {
  const folder = await install(framework, version);
  const file = join(folder, 'isolated.mjs');
  await copyFile(SOURCE, file);
  return startApp(file, { cwd: folder, args: [...args], flags, ready: /^listening (\d+)/m });
}

/** Starts both apps, and returns a function for each that sends it a request. */
async function startTwo(each: Case) {
  const app = await start(each, [each.name, 'two'], ['--import', register]);
  const client = new Client();
  onTestFinished(() => client.close());
  const [, one, other] = await app.waitForOutput(/^listening (\d+) (\d+)$/m);
  const send = (port: string | undefined) => (path: string) => client.send(Number(port), `GET ${path}`);
  return { app, one: send(one), other: send(other) };
}

async function expectCollected(each: Case): Promise<void> {
  const app = await start(each, [each.name, 'thousand'], ['--expose-gc', '--import', register]);
  // The last app may still be referenced by the function that dropped it.
  await app.waitForOutput(/^[0-5] of [23]000 alive$/m);
}

const title = ({ name, framework, version }: Case) => (name === 'next' ? 'Next.js' : `${framework.name} ${version}`);

describe.each([...CASES, NEXT].map((each) => [title(each), each] as const))('%s', (_title, each) => {
  it('gives each of two apps in one process its own routes for the same paths', async () => {
    const { app, one, other } = await startTwo(each);
    const expected: Record<string, number> = {};
    for (const [paths, ofOne, ofOther] of each.requests ?? OVERLAPPING) {
      for (let round = 0; round < 3; round++) {
        expect(await Promise.all([one(paths[0]), other(paths[1])])).toEqual([200, 201]);
        for (const series of [`GET ${ofOne} 200`, `GET ${ofOther} 201`]) expected[series] = (expected[series] ?? 0) + 1;
      }
    }
    const total = Object.values(expected).reduce((sum, count) => sum + count, 0);
    expect(await waitForRequests(app, total)).toEqual(expected);
  });

  if (!each.isOlder) it('lets a thousand apps be collected that were dropped', () => expectCollected(each));
});

describe('connect 3', () => {
  const CONNECT: Case = { name: 'connect', framework: connect, version: '3' };

  it('gives the mounts of one app to no other app in the process', async () => {
    const { app, one, other } = await startTwo(CONNECT);
    expect(await one('/api/users/ann')).toBe(200);
    // This app has no mount, although a mount of the first app answered such paths: an answer has the shape of its path, and
    // an error has no path.
    expect([await other('/api/fails'), await other('/api/users/ann')]).toEqual([500, 201]);
    expect(await waitForRequests(app, 3)).toEqual({
      'GET /api 200': 1,
      'GET unmatched 500': 1,
      'GET /api/users/ann 201': 1,
    });
  });

  it('keeps the mounts when another package replaces the listener of a server that listens', async () => {
    const app = await start(CONNECT, [CONNECT.name, 'wrapped'], ['--import', register]);
    const client = new Client();
    onTestFinished(() => client.close());
    for (const name of ['ann', 'bob']) expect(await client.send(app.port, `GET /api/users/${name}`)).toBe(200);
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /api 200': 2 });
  });

  it('lets a thousand apps be collected that were dropped', () => expectCollected(CONNECT));
});
