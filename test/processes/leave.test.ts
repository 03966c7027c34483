import { expect, it } from 'vitest';
import { until } from '../support/exposition.ts';
import { ask, counted, Service } from './group.ts';

it('lets an app shut measuring down and end although the process that is scraped hangs, and is joined by none', async () => {
  const service = await Service.create();
  const hung = await service.start('one.mjs');
  await hung.said(/metrics at/);
  hung.child.kill('SIGSTOP');
  const app = await service.start('leaves.mjs', { flags: [] });
  await ask(app.port, 1);
  app.child.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 3, signal: null });
  expect(app.stderr).toBe('');
  hung.child.kill('SIGCONT');
  // It heard of one that has left again: neither is it a member, nor waited for.
  const text = await until(
    () => service.scrape(),
    (found) => found !== '',
  );
  expect(counted(text)).toBe(0);
  expect(text).not.toContain('apm_processes_late_total 1');
});

it('takes along what was counted by an app that leaves as soon as it has answered', async () => {
  const service = await Service.create();
  const owner = await service.start('one.mjs');
  await owner.said(/metrics at/);
  const app = await service.start('leaves.mjs', { flags: [] });
  await ask(app.port, 3);
  app.child.kill('SIGTERM');
  expect(await app.exit).toEqual({ code: 3, signal: null });
  await until(
    async () => counted(await service.scrape()),
    (count) => count === 3,
  );
});
