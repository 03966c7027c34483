import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { waitForCounts } from '../../frameworks/contract.ts';
import { installPackages } from '../../packages/install.ts';
import { SAILS } from '../../packages/tools.ts';
import { root, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';

test('counts the requests of a Sails app by its routes, which writes its address to `request.baseUrl`', async () => {
  const folder = await installPackages(SAILS);
  const file = join(folder, 'app.cjs');
  await copyFile(join(root, 'test/programs/sails/app.cjs'), file);
  const app = await startApp(file, { cwd: folder, env: { PORT: '0' } });
  const client = new Client();
  const stop = { headers: { 'x-stop': 'yes' } };
  const requests: [line: string, status: number, extras?: object][] = [
    ['GET /users/5', 200],
    ['GET /users/ann', 200],
    ['HEAD /users/9', 200],
    ['GET /', 200],
    ['POST /users', 200],
    ['GET /users/5/orders/7', 200],
    ['GET /failing/5', 500],
    ['GET /missing/ann', 404],
    ['GET /pets/rex', 200],
    // The policy of the action refuses.
    ['GET /pets/nobody', 403],
    ['GET /old/5', 302],
    ['GET /files/a/b', 200],
    ['GET /nothing', 404],
    // Middleware before the router answers.
    ['GET /users/5', 401, stop],
    ['GET /pets/tom', 401, stop],
  ];
  const found: [string, number][] = [];
  for (const [line, , extras] of requests) found.push([line, await client.send(app.port, { line, ...extras })]);
  expect(found).toEqual(requests.map(([line, status]) => [line, status]));
  expect(await waitForCounts(app, requests.length)).toEqual({
    'GET / 200': 1,
    'GET /failing/:id 500': 1,
    'GET /files/* 200': 1,
    'GET /missing/:id 404': 1,
    'GET /old/:id 302': 1,
    'GET /pets/:id 200': 1,
    'GET /pets/:id 401': 1,
    'GET /pets/:id 403': 1,
    'GET /users/:id 200': 2,
    'GET /users/:id 401': 1,
    'GET /users/:id/orders/:order 200': 1,
    'GET unmatched 404': 1,
    'HEAD /users/:id 200': 1,
    'POST /users 200': 1,
  });
  client.close();
});
