import { copyFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { ask, openSession } from '../support/http2.ts';
import { lineOf, NODE_VERSIONS, type NodeVersion, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import connect from './connect/table.ts';
import { waitForCounts } from './contract.ts';
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

const source = join(root, 'test/frameworks/http2-app.mjs');
const certificate = join(root, 'test/expose/tls');

/** An app of http2-app.mjs. `user` and `fails` are its routes. */
interface Case {
  readonly name: string;
  readonly framework: Framework;
  readonly version: string;
  readonly user?: string;
  readonly fails?: string;
}
const SECURE: readonly Case[] = [
  { name: 'connect', framework: connect, version: '3', user: '/users', fails: '/fails' },
  { name: 'express', framework: express, version: '4' },
  { name: 'express', framework: express, version: '5' },
  { name: 'fastify', framework: fastify, version: '4' },
  { name: 'fastify', framework: fastify, version: '5' },
  { name: 'h31', framework: h3, version: '1' },
  { name: 'h32', framework: h3, version: '2' },
  { name: 'hapi', framework: hapi, version: '21', user: '/users/{id}', fails: '/fails/{id}' },
  { name: 'hono', framework: hono, version: '4 with node-server 2' },
  { name: 'koa', framework: koa, version: '3 with @koa/router 15' },
  { name: 'polka', framework: polka, version: '0.5' },
  { name: 'restify', framework: restify, version: '11' },
  { name: 'restify', framework: restify, version: '12' },
];
// restify serves HTTP/2 only over TLS.
const PLAIN = SECURE.filter(({ name }) => name !== 'restify');

const PATHS = ['/users/ann', '/users/bob', '/fails/x', '/nowhere'];
const STATUSES = [200, 200, 500, 404];

describe.each(NODE_VERSIONS)('over HTTP/2, on Node %s, every request is counted by its route:', (version) => {
  test.each(PLAIN)('$name, version $version', async (each) => {
    const app = await start(version, each);
    expect(await askAll(app.url())).toEqual(STATUSES);
    expect(await waitForCounts(app, PATHS.length)).toEqual(countsOf(1, each));
  });

  const secure = SECURE.filter((each) => runsOn(version, each));
  test.each(secure)('$name, version $version, over TLS, beside HTTP/1 on the same server', async (each) => {
    const app = await start(version, each, certificate);
    const url = app.url().replace('http:', 'https:');
    expect(await askAll(url)).toEqual(STATUSES);
    expect(await Promise.all(PATHS.map((path) => askHttp1(new URL(path, url))))).toEqual(STATUSES);
    expect(await waitForCounts(app, 2 * PATHS.length)).toEqual(countsOf(2, each));
  });
});

async function start(on: NodeVersion, { name, framework, version }: Case, ...args: string[]): Promise<App> {
  const folder = await install(framework, version);
  const file = join(folder, 'http2.mjs');
  await copyFile(source, file);
  return startApp(file, { node: node(on), cwd: folder, args: [name, ...args] });
}

/** One by one at first: an app behind another listener is found when a request has ended. */
async function askAll(url: string): Promise<(number | undefined)[]> {
  const client = await openSession(url);
  const statuses = [];
  for (const path of PATHS) statuses.push((await ask(client, { ':path': path })).status);
  return statuses;
}

const askHttp1 = (url: URL): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { rejectUnauthorized: false, agent: false }, (response) =>
      response.resume().on('end', () => resolve(response.statusCode)),
    )
      .on('error', reject)
      .end();
  });

const countsOf = (times: number, { user = '/users/:id', fails = '/fails/:id' }: Case) => ({
  [`GET ${user} 200`]: 2 * times,
  [`GET ${fails} 500`]: times,
  'GET unmatched 404': times,
});

const runsOn = (on: NodeVersion, { framework, version }: Case): boolean =>
  framework.versions[version]?.notOn?.[lineOf(on)] === undefined;
