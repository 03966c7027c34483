import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, Increases, Load, leaderOf, startGroup, startOne } from './faults.ts';
import { ask, processCount } from './group.ts';

const PATHS = ['/ann', '/bob', '/cid', '/dot', '/eve', '/fay', '/gus', '/hal'];

it('keeps what a scrape has shown of a follower that is killed under load', async () => {
  const { service, apps } = await startGroup(3);
  const increases = new Increases();
  const loads = apps.map((app, i) => new Load(app, PATHS[i] as string));
  for (let i = 0; i < 20; i++) {
    increases.add(await service.scrape());
    await pause(20);
  }
  const victim = loads[2] as Load;
  const answered = victim.answered;
  increases.add(await service.scrape());
  await apps[2]?.kill('SIGKILL');
  for (let i = 0; i < 20; i++) {
    increases.add(await service.scrape());
    await pause(20);
  }
  const [ann, bob, cid] = await Promise.all(loads.map((load) => load.stop()));
  const last = await until(
    () => service.scrape(),
    (text) => byPath(text)['/ann'] === ann && byPath(text)['/bob'] === bob,
  );
  increases.add(last);
  expect(processCount(last)).toBe(2);
  expect(increases.resets).toBe(0);
  expect([increases.of('/ann'), increases.of('/bob')]).toEqual([ann, bob]);
  // The last requests of the killed process may be lost. Each connection may have one request that was counted, not answered.
  expect(increases.of('/cid')).toBeGreaterThanOrEqual(answered);
  expect(increases.of('/cid')).toBeLessThanOrEqual((cid as number) + 4);
});

it('serves the metrics at the same port when the leader is killed under load', async () => {
  const { service, apps } = await startGroup(4);
  const increases = new Increases();
  const loads = apps.map((app, i) => new Load(app, PATHS[i] as string));
  for (let i = 0; i < 40; i++) {
    increases.add(await service.scrape());
    await pause(25);
  }
  const shown = increases.of('/ann');
  await apps[0].kill('SIGKILL');
  const killed = performance.now();
  await leaderOf(service, [apps[0]]);
  const after = (performance.now() - killed) / 1000;
  await until(
    async () => {
      const text = await service.scrape();
      increases.add(text);
      return processCount(text);
    },
    (count) => count === 3,
  );
  for (let i = 0; i < 20; i++) {
    increases.add(await service.scrape());
    await pause(25);
  }
  const [leaders, ...others] = await Promise.all(loads.map((load) => load.stop()));
  const increased = await until(
    async () => {
      increases.add(await service.scrape());
      return PATHS.slice(1, 4).map((path) => increases.of(path));
    },
    (counts) => counts.every((count, i) => count >= (others[i] as number)),
  );
  expect(after).toBeLessThan(2);
  expect(increases.resets).toBe(1);
  expect(increased).toEqual(others);
  // Of the requests to the killed leader, only those that a scrape had shown are counted.
  expect(increases.of('/ann')).toBe(shown);
  expect(shown).toBeLessThanOrEqual(leaders as number);
});

it('loses and repeats nothing when the leader is killed, five times in a row', async () => {
  const { service, apps } = await startGroup(8);
  const living = new Map(apps.map((app, i) => [app.child.pid as number, { app, path: PATHS[i] as string }]));
  const increases = new Increases();
  const sent: Record<string, number> = {};
  const send = async (times: number) => {
    for (const { app, path } of living.values()) {
      await ask(app.port, times, path);
      sent[path] = (sent[path] ?? 0) + times;
    }
  };
  const gone: App[] = [];
  for (let i = 0; i < 5; i++) {
    // More requests before the scrape than after it: only a counter that becomes lower shows a reset.
    await send(20);
    increases.add(await service.scrape());
    await send(3);
    const leader = living.get((await leaderOf(service, gone)) as number) as { app: App; path: string };
    // These are lost: no scrape has shown them, and only the killed process knew them.
    sent[leader.path] = (sent[leader.path] as number) - 3;
    living.delete(leader.app.child.pid as number);
    gone.push(leader.app);
    await leader.app.kill('SIGKILL');
    await leaderOf(service, gone);
    // Wait until every follower has sent the counts that no scrape had shown, before there are more of them.
    const paths = Array.from(living.values(), ({ path }) => path);
    increases.add(
      await until(
        () => service.scrape(),
        (text) => paths.every((path) => path in byPath(text)),
      ),
    );
  }
  increases.add(await service.scrape());
  expect(Object.fromEntries(PATHS.map((path) => [path, increases.of(path)]))).toEqual(sent);
  expect(increases.resets).toBe(5);
});

it.each([
  { ends: 'by process.exit()', path: '/exit/3', label: '/exit/:id', code: 3 },
  { ends: 'by an uncaught exception', path: '/throw', label: '/throw', code: 1 },
  { ends: 'because its event loop is empty', path: '/close', label: '/close', code: 0 },
])('loses nothing when the leader exits $ends', async ({ path, label, code }) => {
  const { service, apps } = await startGroup(2);
  const [leader, follower] = apps as [App, App];
  const increases = new Increases();
  await ask(leader.port, 20, '/ann');
  await ask(follower.port, 20, '/bob');
  increases.add(await service.scrape());
  await ask(follower.port, 3, '/bob');
  await ask(leader.port, 1, path);
  expect(await leader.exit).toEqual({ code, signal: null });
  await leaderOf(service, [leader]);
  await ask(follower.port, 2, '/bob');
  increases.add(await service.scrape());
  // This includes the last request of the exited leader, which it has handed over.
  expect(byPath(await service.scrape())).toEqual({ [label]: 1, '/bob': 5 });
  expect([increases.of('/ann'), increases.of('/bob')]).toEqual([20, 25]);
});

it('loses nothing when the leader closes its server on SIGTERM', async () => {
  const { service, apps } = await startGroup(2, { env: { DRAIN: 'yes' } });
  const [leader, follower] = apps as [App, App];
  await ask(follower.port, 20, '/bob');
  const increases = new Increases();
  increases.add(await service.scrape());
  await leader.kill('SIGTERM');
  expect(await leader.exit).toEqual({ code: 0, signal: null });
  const next = await startOne(service);
  await ask(next.port, 4, '/cid');
  increases.add(await service.merged(2));
  expect([increases.of('/bob'), increases.of('/cid')]).toEqual([20, 4]);
});
