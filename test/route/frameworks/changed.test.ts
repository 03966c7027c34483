import { expect, it } from 'vitest';
import { apm } from '../../cli/run.ts';
import { get } from '../../expose/get.ts';
import { startApp } from '../../support/app.ts';
import { waitForRequests } from '../../support/outcome.ts';

const TEXT = 'its layers have neither a method `handle_request` nor `handleRequest`';

it('serves on when the internals of Express have changed; one warning, the status and apm doctor say that routes are guessed', async () => {
  const app = await startApp('test/apps/route/changed-express.mjs');
  for (const name of ['1', '2', '3']) expect((await get(app.url(`/users/${name}`))).text).toBe('user');
  expect(await waitForRequests(app, 3)).toEqual({ 'GET /users/:id 200': 3 });

  const line = `could not read the routes of Express: ${TEXT}; its requests are counted by the shape of their paths. Report this with the versions of Express and Node.js, and name the routes with APM_ROUTES`;
  expect(app.stderr.split('\n').filter((each) => each.includes('Express'))).toEqual([`[@org/apm] ${line}`]);

  const { port, origin } = new URL(await app.metricsUrl());
  const status = JSON.parse((await get(`${origin}/status`)).text);
  expect(status.adapterFailures).toEqual([{ framework: 'Express', text: TEXT }]);
  expect(status.warnings).toEqual([{ at: expect.any(String), level: 'warn', about: 'state', text: line }]);

  const { code, stdout } = await apm(['doctor', port]);
  expect(code).toBe(1);
  const problems = stdout.split('\n');
  const at = problems.findIndex((each) => each.startsWith('problem'));
  expect(problems.slice(at, at + 3)).toEqual([
    `problem  The routes of Express cannot be read: ${TEXT}. Its requests are counted by the shape of their paths, so the path labels are guesses.`,
    '         -> Report this with the versions of @org/apm, Express and Node.js.',
    '         -> Until it is fixed, APM_ROUTES=/users/:id,/files/* names the routes.',
  ]);
  expect(problems.filter((each) => each.startsWith('problem'))).toHaveLength(1);
});
