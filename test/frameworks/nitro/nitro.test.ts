import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { register, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { freePort } from '../../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../../support/nodes.ts';
import { expectContract, watchPrototype } from '../contract.ts';
import { rowsOf } from '../framework.ts';
import { install } from '../install.ts';
import nitro, { routeRules } from './table.ts';

/** The versions have different modules, function names and errors. */
const VERSION_PARTS = {
  '2': {
    from: 'h3',
    define: 'defineEventHandler',
    fail: 'throw createError({ statusCode: 503 })',
    error: 'createError',
    command: 'nitropack',
  },
  '3': {
    from: 'nitro/h3',
    define: 'defineHandler',
    fail: 'throw new HTTPError({ status: 503 })',
    error: 'HTTPError',
    command: 'nitro',
  },
} as const;

/** Builds the app with one version, unless a build of the same app is cached. @returns the folder */
async function buildApp(version: keyof typeof VERSION_PARTS): Promise<string> {
  const folder = await install(nitro, version);
  const { from, define, fail, error, command } = VERSION_PARTS[version];
  const handler = (body: string) =>
    `import { ${define}, ${error} } from '${from}';\nexport default ${define}((event) => { ${body} });\n`;
  const config = { compatibilityDate: '2026-01-01', preset: 'node-server', serverDir: './', routeRules };
  const files = {
    'nitro.config.ts': `export default ${JSON.stringify(config)};\n`,
    'middleware/guard.ts': handler(`
      const status = Number(event.headers.get('x-answer'));
      if (status >= 500) throw ${error === 'createError' ? 'createError({ statusCode: status })' : 'new HTTPError({ status })'};
      if (status > 0) return new Response(null, { status });
    `),
    'routes/cached/[id].ts': handler("return 'cached'"),
    'routes/users/[id].get.ts': handler("return 'user'"),
    'routes/fails/[id].ts': handler(fail),
    'routes/api/[tenant]/users.ts': handler("return 'users'"),
    'routes/docs/[...page].ts': handler("return 'page'"),
  };
  const wanted = JSON.stringify(files);
  const built = join(folder, '.built');
  if (existsSync(built) && (await readFile(built, 'utf8')) === wanted) return folder;
  for (const name of ['routes', 'middleware']) await rm(join(folder, name), { recursive: true, force: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CI: '1' };
  await promisify(execFile)(join(folder, 'node_modules/.bin', command), ['build'], { cwd: folder, env });
  await writeFile(built, wanted);
  return folder;
}

describe.each(Object.keys(VERSION_PARTS) as (keyof typeof VERSION_PARTS)[])(
  'Nitro %s: every request is counted by its route',
  (version) => {
    const client = new Client();
    let folder: string;
    beforeAll(async () => {
      folder = await buildApp(version);
    }, 300_000);
    afterAll(() => client.close());

    test.each(NODE_VERSIONS)('on Node %s', async (each: NodeVersion) => {
      const app = await startApp(join(folder, '.output/server/index.mjs'), {
        node: node(each),
        cwd: folder,
        flags: ['--import', watchPrototype, '--import', register],
        ready: /Listening on:? http:\/\/[^:]+:(\d+)/i,
        env: { PORT: await freePort(), HOST: '127.0.0.1' },
      });
      await expectContract(app, client, rowsOf(nitro, version));
    });
  },
);
