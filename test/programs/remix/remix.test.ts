import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { buildApp } from '../../frameworks/built-app.ts';
import { expectContract, watchPrototype } from '../../frameworks/contract.ts';
import { rowsOf } from '../../frameworks/framework.ts';
import remix from '../../frameworks/remix/table.ts';
import { register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, node } from '../../support/nodes.ts';
import { files } from './remix.files.ts';

const FLAGS = ['--import', watchPrototype, '--import', register];
const rows = rowsOf(remix, '2');

describe('Remix 2: every request is counted by its route', () => {
  const client = new Client();
  let folder: string;
  beforeAll(async () => {
    folder = await buildApp(remix, '2', { files, command: ['node_modules/@remix-run/dev/dist/cli.js', 'vite:build'] });
  }, 300_000);
  afterAll(() => client.close());

  test.each(NODE_VERSIONS)('remix-serve on Node %s', async (each) => {
    const app = await startApp(join(folder, 'node_modules/.bin/remix-serve'), {
      node: node(each),
      cwd: folder,
      flags: FLAGS,
      args: ['build/server/index.js'],
      ready: /\[remix-serve\] http:\/\/localhost:(\d+)/,
      env: { PORT: await freePort(), HOST: '127.0.0.1' },
    });
    await expectContract(app, client, rows);
  });

  test('a custom Express server', async () => {
    const app = await startApp(join(folder, 'custom.js'), { cwd: folder, flags: FLAGS });
    await expectContract(app, client, rows);
  });
});
