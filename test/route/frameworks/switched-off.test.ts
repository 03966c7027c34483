import { expect, it } from 'vitest';
import { FRAMEWORKS, type FrameworkChoice, isEnabled } from '../../../src/config/frameworks.ts';
import { adaptersFor } from '../../../src/route/frameworks/index.ts';
import { Recogniser } from '../../../src/route/recogniser.ts';
import { get } from '../../expose/get.ts';
import { startApp } from '../../support/app.ts';
import { waitForRequests } from '../../support/outcome.ts';

/** Its source text looks like the listener of Koa. */
function listener(this: { createContext(...args: unknown[]): object; handleRequest(context: object): void }) {
  this.handleRequest(this.createContext());
}

/** Whether traps for Koa are set when a request arrives. */
async function trapsKoa(choice: FrameworkChoice): Promise<boolean> {
  new Recogniser(adaptersFor((name) => isEnabled(name, choice))).requestArrives({ listeners: () => [listener] });
  const areSet = 'originalUrl' in {};
  await new Promise((resolve) => setImmediate(resolve));
  return areSet;
}

it('has an adapter for each name', () => {
  const names: string[] = [];
  adaptersFor((name) => names.push(name) > 0);
  expect(names).toEqual(FRAMEWORKS);
});

it('sets traps only for frameworks that are switched on', async () => {
  const choices: FrameworkChoice[] = [['all'], ['koa'], ['express', 'hapi'], ['none']];
  const set: boolean[] = [];
  for (const choice of choices) set.push(await trapsKoa(choice));
  expect(set).toEqual([true, true, false, false]);
});

it.each([
  ['none', []],
  ['Fastify, koa', []],
  ['koa,express', ['Express']],
  ['all', ['Express']],
])('reads the routes of Express as APM_FRAMEWORKS=%s says', async (APM_FRAMEWORKS, frameworks) => {
  const app = await startApp('test/apps/express/users.mjs', { env: { APM_FRAMEWORKS } });
  await get(app.url('/books/dune'));
  const route = frameworks.length > 0 ? '/books/:isbn' : '/books/dune';
  expect(await waitForRequests(app, 1)).toEqual({ [`GET ${route} 200`]: 1 });
  const { origin } = new URL(await app.metricsUrl());
  expect(JSON.parse((await get(`${origin}/status`)).text).servers[0].frameworks).toEqual(frameworks);
});

it.each([
  ['express,koa', '/books/dune'],
  ['fastify', '/books/:isbn'],
  // A bad value is the default.
  ['fastifly', '/books/:isbn'],
])('reads the routes of Fastify as APM_FRAMEWORKS=%s says, and adds no hook', async (APM_FRAMEWORKS, route) => {
  const app = await startApp('test/apps/route/fastify-hooks.mjs', { env: { APM_FRAMEWORKS } });
  expect(JSON.parse((await get(app.url('/hooks'))).text)).toEqual([]);
  await get(app.url('/books/dune'));
  expect(await waitForRequests(app, 2)).toEqual({ 'GET /hooks 200': 1, [`GET ${route} 200`]: 1 });
});
