import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from '../../../src/cli/doctor/finding.ts';
import { installPackages } from '../../packages/install.ts';
import { RESTANA } from '../../packages/tools.ts';
import { type App, root, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { waitForRequests } from '../../support/outcome.ts';
import { apm } from '../run.ts';

async function ask(app: App, paths: readonly string[]): Promise<void> {
  const client = new Client(1);
  for (const path of paths) await client.send(Number(app.port), `GET ${path}`);
  client.close();
  await waitForRequests(app, paths.length);
}

/** The notes and problems about servers and paths, as `apm doctor --json` prints them: `level id: text -> todo`. */
async function findingsAbout(app: App): Promise<string[]> {
  const { stdout } = await apm(['doctor', new URL(await app.metricsUrl()).origin, '--json']);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return findings
    .filter(({ level }) => level !== 'ok')
    .map(({ id, level, text, todo }) =>
      [`${level} ${id}: ${text}`, ...todo].join(' -> ').replaceAll(app.url(''), 'APP'),
    );
}

/** Calls are known by their request, which is on by default only where it costs little. */
const env = { APM_CONTEXT: 'true' };

const slugs = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `/blog/${'abcdefgh'[i % 8]}${'ijklmnopq'[i >> 3]}`);

const NO_FRAMEWORK =
  ' -> Fine for a service without a router. Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/* -> With a router: check that the README lists the framework, and that the preload comes before everything else the app loads.';

it('names paths with many guessed names below them, and how to name the route', async () => {
  const app = await startApp('test/apps/plain/app.mjs', { env });
  await ask(app, slugs(52));
  expect(await findingsAbout(app)).toEqual([
    `note no-framework: APP (http): no framework recognised; 52 requests, paths guessed from the URLs.${NO_FRAMEWORK}`,
    'note crowded: /blog has many guessed names below it, so further ones share one path. -> If the name is data, name it: APM_ROUTES=/blog/:slug. The first template that matches wins, so list fixed names before it.',
  ]);
  const named = await startApp('test/apps/plain/app.mjs', { env: { ...env, APM_ROUTES: '/blog/:slug' } });
  await ask(named, slugs(52));
  expect(await findingsAbout(named)).toEqual([]);
});

it('names a framework of which no route was seen', async () => {
  const app = await startApp('test/apps/cli/only-middleware.mjs', { env });
  await ask(app, ['/a', '/b', '/c', '/d', '/nowhere']);
  expect(await findingsAbout(app)).toEqual([]);
  await ask(app, ['/a']);
  expect(await findingsAbout(app)).toEqual([
    'note no-routes: APP (http): Express recognised, but none of 5 answered requests had a route; their paths are guessed from the URLs. -> Usual reasons: only middleware or static files answered, or a handler for all paths that has a router of its own. -> Name its routes: APM_ROUTES=/users/:id,/files/* -> If routes of Express were asked for, report this with the versions of @org/apm, Express and Node.js.',
  ]);
});

it('names a framework of the app whose routes cannot be seen, until they are named', async () => {
  const folder = await installPackages(RESTANA);
  const file = join(folder, 'app.mjs');
  await copyFile(join(root, 'test/apps/cli/restana.mjs'), file);
  const app = await startApp(file, { cwd: folder, env });
  await ask(app, slugs(3));
  expect(await findingsAbout(app)).toEqual([
    `note no-framework: APP (http): no framework recognised; 3 requests, paths guessed from the URLs.${NO_FRAMEWORK}`,
    'note hidden-routes: The app depends on restana, whose matched route cannot be seen from outside: 3 of 3 paths are guessed from URLs. -> Name its routes: APM_ROUTES=/blog/:slug,/docs/*.',
  ]);
  const named = await startApp(file, { cwd: folder, env: { ...env, APM_ROUTES: '/blog/:slug' } });
  await ask(named, slugs(3));
  expect(await findingsAbout(named)).toEqual([]);
});
