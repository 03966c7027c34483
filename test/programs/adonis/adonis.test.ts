import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../../src/cli/doctor/diagnose.ts';
import type { ApmStatus } from '../../../src/status.ts';
import { waitForCounts } from '../../frameworks/contract.ts';
import { installPackages } from '../../packages/install.ts';
import { ADONIS } from '../../packages/tools.ts';
import { root, startApp } from '../../support/app.ts';
import { Client } from '../../support/client.ts';
import { freePort } from '../../support/free-port.ts';

const REQUESTS = ['GET /users/ann', 'GET /users/bob', 'GET /docs', 'GET /docs/intro', 'GET /files/a/b', 'GET /nowhere'];

async function countRequests(env: Record<string, string> = {}) {
  const folder = await installPackages(ADONIS);
  await cp(join(root, 'test/programs/adonis/app'), join(folder, 'app'), { recursive: true });
  const app = await startApp(join(folder, 'app/server.js'), {
    cwd: folder,
    env: { NODE_ENV: 'production', HOST: '127.0.0.1', PORT: await freePort(), ...env },
  });
  const client = new Client();
  for (const line of REQUESTS) await client.send(app.port, { line });
  client.close();
  const counts = await waitForCounts(app, REQUESTS.length);
  const status = (await (await fetch(`${new URL(await app.metricsUrl()).origin}/status`)).json()) as ApmStatus;
  const findings = diagnose(status).map(({ id, text, todo }) => [id, text, ...todo].join(' -> '));
  return { counts, hidden: findings.filter((finding) => finding.startsWith('hidden-routes')) };
}

test('AdonisJS: its routes cannot be seen, apm doctor says so by its name, and APM_ROUTES names them', async () => {
  expect(await countRequests()).toEqual({
    counts: {
      'GET /users/ann 200': 1,
      'GET /users/bob 200': 1,
      'GET /docs 200': 1,
      'GET /docs/intro 200': 1,
      'GET /files/a/b 200': 1,
      'GET unmatched 404': 1,
    },
    hidden: [
      'hidden-routes -> The app depends on AdonisJS, whose matched route cannot be seen from outside: 5 of 5 paths are guessed from URLs. -> Name its routes: APM_ROUTES=/blog/:slug,/docs/*. In AdonisJS, /blog/:id? is /blog,/blog/:id.',
    ],
  });
  expect(await countRequests({ APM_ROUTES: '/users/:id,/docs,/docs/:page,/files/*' })).toEqual({
    counts: {
      'GET /users/:id 200': 2,
      'GET /docs 200': 1,
      'GET /docs/:page 200': 1,
      'GET /files/* 200': 1,
      'GET unmatched 404': 1,
    },
    hidden: [],
  });
});
