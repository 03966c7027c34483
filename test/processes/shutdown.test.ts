import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { requests, until } from '../support/exposition.ts';
import { createTmp, skipBecause, socketIn } from './faults.ts';
import { ask, requestCount, Service } from './group.ts';

/** The leader and the app that shuts down run different scripts. */
const env = { APM_GROUP: 'shop' };

it('lets an app shut down and exit while the leader hangs and accepts no follower', async () => {
  const service = await Service.create();
  const hungLeader = await service.start('one-server.mjs', { env });
  await hungLeader.waitForOutput(/metrics at/);
  hungLeader.child.kill('SIGSTOP');
  const app = await service.start('shuts-down.mjs', { env, flags: [] });
  await ask(app.port, 1);
  app.child.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 3, signal: null });
  expect(app.stderr).toBe('');
  hungLeader.child.kill('SIGCONT');
  // The leader now reads the hello of a process that has exited, and its counts. It must not wait for that process.
  const text = await until(
    () => service.scrape(),
    (found) => requestCount(found) === 1,
  );
  expect(text).toContain('apm_processes 1\n');
  expect(text).toContain('apm_processes_late_total 0\n');
});

it('keeps what was counted by an app that exits before the leader has accepted it', async (test) => {
  if (process.platform !== 'linux') skipBecause(test, 'only Linux lists the connections of a socket');
  const service = await Service.create();
  const options = { env: { TMPDIR: await createTmp() } };
  const leader = await service.start('one-server.mjs', options);
  await leader.waitForOutput(/metrics at/);
  const path = await socketIn(options.env.TMPDIR);
  const connections = async () => (await readFile('/proc/net/unix', 'utf8')).split(path).length - 2;
  leader.child.kill('SIGSTOP');
  for (const waiting of [1, 2]) {
    const app = await service.start('one-server.mjs', options);
    await until(connections, (count) => count === waiting);
    await ask(app.port, 3);
    await ask(app.port, 1, '/exit');
    expect(await app.exit).toEqual({ code: 0, signal: null });
  }
  leader.child.kill('SIGCONT');
  await until(
    async () => requests(await service.scrape()),
    (found) => found['GET / 200'] === 6 && found['GET /exit 200'] === 2,
  );
});

it('keeps what was counted by an app that shuts down as soon as it has answered', async () => {
  const service = await Service.create();
  const leader = await service.start('one-server.mjs', { env });
  await leader.waitForOutput(/metrics at/);
  const app = await service.start('shuts-down.mjs', { env, flags: [] });
  await ask(app.port, 3);
  app.child.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 3, signal: null });
  await until(
    async () => requestCount(await service.scrape()),
    (count) => count === 3,
  );
});
