import { expect, it } from 'vitest';
import { until } from '../support/exposition.ts';
import { ask, requestCount, Service } from './group.ts';

it('lets an app shut down and exit while the leader hangs and accepts no follower', async () => {
  const service = await Service.create();
  const hungLeader = await service.start('one-server.mjs');
  await hungLeader.waitForOutput(/metrics at/);
  hungLeader.child.kill('SIGSTOP');
  const app = await service.start('shuts-down.mjs', { flags: [] });
  await ask(app.port, 1);
  app.child.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 3, signal: null });
  expect(app.stderr).toBe('');
  hungLeader.child.kill('SIGCONT');
  // The leader now reads the hello of a process that has exited. It must neither merge that process nor wait for it.
  const text = await until(
    () => service.scrape(),
    (found) => found !== '',
  );
  expect(requestCount(text)).toBe(0);
  expect(text).not.toContain('apm_processes_late_total 1');
});

it('keeps what was counted by an app that shuts down as soon as it has answered', async () => {
  const service = await Service.create();
  const leader = await service.start('one-server.mjs');
  await leader.waitForOutput(/metrics at/);
  const app = await service.start('shuts-down.mjs', { flags: [] });
  await ask(app.port, 3);
  app.child.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 3, signal: null });
  await until(
    async () => requestCount(await service.scrape()),
    (count) => count === 3,
  );
});
