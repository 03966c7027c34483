import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import astro, { middleware } from '../../frameworks/astro/table.ts';
import { type Build, buildApp } from '../../frameworks/built-app.ts';
import { expectContract, watchPrototype } from '../../frameworks/contract.ts';
import { type Framework, rowsOf } from '../../frameworks/framework.ts';
import { register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../../support/nodes.ts';
import { files } from './astro.files.ts';

const framework: Framework = astro;
const FLAGS = ['--import', watchPrototype, '--import', register];
const NEWEST = NODE_VERSIONS.at(-1) as NodeVersion;

const buildOf = (version: string, env: Record<string, string> = {}): Build => ({
  files,
  command: [version === '5' ? 'node_modules/astro/astro.js' : 'node_modules/astro/bin/astro.mjs', 'build'],
  node: node(NEWEST),
  env: { ASTRO_TELEMETRY_DISABLED: '1', ...env },
});

describe.each(Object.keys(framework.versions))('Astro %s: every request is counted by its route', (version) => {
  const client = new Client();
  let folder: string;
  beforeAll(async () => {
    folder = await buildApp(framework, version, buildOf(version));
    await buildApp(framework, version, buildOf(version, { MODE: 'middleware' }), 'built-middleware');
  }, 300_000);
  afterAll(() => client.close());

  // Versions 6 and 7 need Node 22.
  test.each(NODE_VERSIONS.slice(version === '5' ? 0 : 1))('the standalone server on Node %s', async (each) => {
    const app = await startApp(join(folder, 'dist/server/entry.mjs'), {
      node: node(each),
      cwd: folder,
      flags: FLAGS,
      ready: /Server listening on[\s\S]*?http:\/\/[^:]+:(\d+)/,
      env: { PORT: await freePort(), HOST: '127.0.0.1' },
    });
    await expectContract(app, client, rowsOf(framework, version));
  });

  test('middleware of an Express app', async () => {
    const app = await startApp(join(folder, 'behind-express.js'), { node: node(NEWEST), cwd: folder, flags: FLAGS });
    const requests = [...framework.requests, ...middleware];
    await expectContract(app, client, rowsOf({ ...framework, requests }, version));
  });
});
