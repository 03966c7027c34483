import { expect, it } from 'vitest';
import { ask, expectScrape, Service } from './group.ts';

it('keeps what a process has counted when it exits at once', async () => {
  const service = await Service.create();
  await (await service.start('one-server.mjs')).waitForOutput(/metrics at/);
  let total = 0;
  for (const path of ['/exit', '/close', '/exit']) {
    const follower = await service.start('one-server.mjs');
    await follower.waitForOutput(/served by/);
    await ask(follower.port, 7);
    await ask(follower.port, 1, path);
    expect(await follower.exit).toEqual({ code: 0, signal: null });
    total += 7;
  }
  const lastRequests = { 'GET /close 200': 1, 'GET /exit 200': 2 };
  await expectScrape(() => service.merged(1), { 'GET / 200': total, ...lastRequests });
});

it('loses nothing in a rolling restart, although the leader exits before a scrape has shown its last requests', async () => {
  const service = await Service.create();
  const leader = await service.start('one-server.mjs');
  await leader.waitForOutput(/metrics at/);
  const follower = await service.start('one-server.mjs');
  await follower.waitForOutput(/served by/);
  await ask(leader.port, 3);
  await expectScrape(() => service.merged(2), { 'GET / 200': 3 });

  const successor = await service.start('one-server.mjs');
  await successor.waitForOutput(/served by/);
  for (const [app, times] of [
    [follower, 7],
    [leader, 5],
  ] as const) {
    await ask(app.port, times);
    await ask(app.port, 1, '/exit');
    expect(await app.exit).toEqual({ code: 0, signal: null });
  }
  await ask(successor.port, 11);
  await successor.waitForOutput(
    new RegExp(`the process serving metrics exited; this process now serves http://localhost:${service.port}$`, 'm'),
  );
  // The first three requests are not shown again: the counters start at zero, and Prometheus would count them twice.
  await expectScrape(() => service.merged(1), { 'GET / 200': 23, 'GET /exit 200': 2 });
});
