import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { SOCKET_IO } from '../packages/tools.ts';
import { startApp } from '../support/app.ts';
import { root } from '../support/root.ts';
import { waitForCounts } from './contract.ts';

it('finds the routes of an app when socket.io handles its requests first', async () => {
  const folder = await installPackages(SOCKET_IO);
  const file = join(folder, 'app.mjs');
  await copyFile(join(root, 'test/frameworks/socket-io-app.mjs'), file);
  const app = await startApp(file, { cwd: folder });
  const hapi = `http://127.0.0.1:${(await app.waitForOutput(/^hapi (\d+)$/m))[1]}`;
  const urls = [app.url('/users/ann'), app.url('/users/bob'), `${hapi}/orders/x`, `${hapi}/orders/y`, app.url('/x')];
  for (const url of urls) await (await fetch(url)).text();
  expect(await waitForCounts(app, 5)).toEqual({
    'GET /users/:id 200': 2,
    'GET /orders/{id} 200': 2,
    'GET unmatched 404': 1,
  });
});
