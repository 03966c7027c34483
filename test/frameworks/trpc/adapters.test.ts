import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installPackages } from '../../packages/install.ts';
import { RPC } from '../../packages/tools.ts';
import { startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { waitForCounts } from '../contract.ts';
import { expectedCounts, type Row, rowsOf } from '../framework.ts';

const source = join(import.meta.dirname, 'adapters-app.mjs');
const json = { headers: { 'content-type': 'application/json' }, body: '{}' };

/** What each framework says about calls, before the procedures are known and where none is called. */
const FRAMEWORKS = [
  ['express', { mount: '/trpc', first: '/trpc', mixed: '/trpc', unknown: '/trpc' }],
  ['fastify', { mount: '/trpc', first: '/trpc/:path', mixed: '/trpc/:path', unknown: '/trpc/:path' }],
  ['hono', { mount: '/trpc', first: '/trpc/*', mixed: '/trpc/*', unknown: 'unmatched' }],
  ['http', { mount: '', first: '/user.list', mixed: '/:id', unknown: 'unmatched' }],
] as const;

const CASES = FRAMEWORKS.flatMap(([framework, labels]) =>
  ['@trpc/server', '@trpc/server-10'].map((trpc) => [framework, trpc, labels] as const),
);

test.each(CASES)('behind one route of %s, the procedures of %s are told apart', async (framework, trpc, labels) => {
  const { mount, first, mixed, unknown } = labels;
  await expectCounts([framework, trpc], {}, [
    // The first call shows that there are procedures, the next one which.
    [`GET ${mount}/user.list?batch=1&input=%7B%7D`, 200, first],
    [`GET ${mount}/user.list?batch=1&input=%7B%7D`, 200, `${mount}/user.list`],
    [`GET ${mount}/post.list`, 200, `${mount}/post.list`],
    [`POST ${mount}/user.save`, 200, `${mount}/user.save`, json],
    [`GET ${mount}/user.fails`, 500, `${mount}/user.fails`],
    [`GET ${mount}/user.list,post.list?batch=1&input=%7B%7D`, 200, `${mount}/*batch`],
    [`GET ${mount}/post.list,user.list,user.list?batch=1&input=%7B%7D`, 200, `${mount}/*batch`],
    [`GET ${mount}/user.list,user.list?batch=1&input=%7B%7D`, 200, `${mount}/user.list`],
    // No client can invent a path.
    [`GET ${mount}/user.list,made.up?batch=1&input=%7B%7D`, 207, mixed],
    [`GET ${mount}/made.up?batch=1&input=%7B%7D`, 404, unknown],
    [`GET ${mount}/toString`, 404, unknown],
  ]);
});

test('behind one route of Hono, the procedures of oRPC are told apart by APM_ROUTES', async () => {
  const env = { APM_ROUTES: '/trpc/planet/list,/trpc/planet/:procedure' };
  await expectCounts(['hono', '@orpc/server'], env, [
    ['POST /trpc/planet/list', 200, '/trpc/planet/list', json],
    ['POST /trpc/planet/find', 200, '/trpc/planet/:procedure', json],
    ['POST /trpc/moon', 404, 'unmatched', json],
  ]);
});

async function expectCounts(args: string[], env: Record<string, string>, requests: readonly Row[]): Promise<void> {
  const folder = await installPackages(RPC);
  const file = join(folder, 'adapters.mjs');
  await copyFile(source, file);
  const app = await startApp(file, { cwd: folder, args, env });
  const client = new Client();
  const rows = rowsOf({ name: 'RPC', versions: {}, requests }, '');
  for (const [i, { line, status, extras }] of rows.entries()) {
    expect([line, await client.send(app.port, { line, ...extras })]).toEqual([line, status]);
    // The label of the first call decides when the next one is looked at.
    if (i === 0) await waitForCounts(app, 1);
  }
  expect(await waitForCounts(app, rows.length)).toEqual(expectedCounts(rows));
  client.close();
}
