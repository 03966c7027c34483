import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { waitForOutcome } from '../support/outcome.ts';
import { root } from '../support/root.ts';
import express from './express/table.ts';
import fastify from './fastify/table.ts';
import type { Framework } from './framework.ts';
import hono from './hono/table.ts';
import { install } from './install.ts';
import koa from './koa/table.ts';

const FRAMEWORKS: Record<string, [Framework, version: string]> = {
  // A server without a framework needs a folder, too.
  plain: [express, '5'],
  express: [express, '5'],
  koa: [koa, '3 with @koa/router 15'],
  fastify: [fastify, '5'],
  hono: [hono, '4 with node-server 2'],
};

/** More than APM_MAX_PATHS. */
const SCANNED = 550;

/** Different paths, one to six segments deep, made of words: none has a part that looks like an id. */
function scannedPaths(): string[] {
  const words = [
    'admin',
    'wp',
    'login',
    'api',
    'backup',
    'old',
    'test',
    'config',
    'site',
    'db',
    'shop',
    'cgi',
    'env',
    'git',
  ];
  const found = new Set<string>();
  let seed = 16;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  while (found.size < SCANNED) {
    const depth = 1 + random(6);
    found.add(`/${Array.from({ length: depth }, () => words[random(words.length)]).join('/')}`);
  }
  return [...found];
}

/** What remains of the scan in the labels: where routes are known, a redirect and an error are no new path. */
const cases: [framework: string, behaviour: string, series: string][] = [
  ['plain', 'login', 'guesses'],
  ['plain', 'page', 'guesses'],
  ['plain', 'maintenance', 'guesses'],
  ['express', 'login', 'GET unmatched 302'],
  ['express', 'https', 'GET unmatched 301'],
  ['express', 'page', 'guesses'],
  ['express', 'catch-all-page', 'guesses'],
  ['express', 'maintenance', 'GET unmatched 503'],
  ['koa', 'login', 'GET unmatched 302'],
  ['fastify', 'login', 'GET unmatched 302'],
  ['hono', 'https', 'GET unmatched 301'],
];

it.each(cases)(
  'counts a route of %s by its route after scanners have found 550 paths that it answers with: %s',
  async (name, behaviour, series) => {
    const [framework, version] = FRAMEWORKS[name] as [Framework, string];
    const folder = await install(framework, version);
    const file = join(folder, 'scanned.mjs');
    await copyFile(join(root, 'test/frameworks/scanned-app.mjs'), file);
    const app = await startApp(file, {
      cwd: folder,
      args: [name, behaviour],
      env: { APM_ROUTES: name === 'plain' ? '/orders/:order' : '' },
    });
    const client = new Client();
    const ask = (path: string, headers = {}) => client.send(Number(app.port), { line: `GET ${path}`, headers });
    await Promise.all(scannedPaths().map((path) => ask(path)));
    for (let i = 0; i < 3; i++) expect(await ask(`/orders/${i}`, { authorization: 'x' })).toBe(200);
    client.close();
    const { requests } = await waitForOutcome(app, SCANNED + 3);
    const { 'GET /orders/:order 200': orders, ...scanned } = requests;
    expect([orders, Object.values(scanned).reduce((sum, count) => sum + count, 0)]).toEqual([3, SCANNED]);
    if (series === 'guesses') expect(Object.keys(scanned).length).toBeGreaterThan(40);
    else expect(scanned).toEqual({ [series]: SCANNED });
  },
);
