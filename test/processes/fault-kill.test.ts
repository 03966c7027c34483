import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, Increases, Load, ownerOf, startGroup, startOne } from './faults.ts';
import { ask, processes } from './group.ts';

const PATHS = ['/ann', '/bob', '/cid', '/dot', '/eve', '/fay', '/gus', '/hal'];

it('keeps what a worker has counted and shown when it is killed under load', async () => {
  const { service, apps } = await startGroup(3);
  const seen = new Increases();
  const loads = apps.map((app, i) => new Load(app, PATHS[i] as string));
  for (let i = 0; i < 20; i++) {
    seen.see(await service.scrape());
    await pause(20);
  }
  const victim = loads[2] as Load;
  const acknowledged = victim.acknowledged;
  seen.see(await service.scrape());
  await apps[2]?.kill('SIGKILL');
  for (let i = 0; i < 20; i++) {
    seen.see(await service.scrape());
    await pause(20);
  }
  const [ann, bob, cid] = await Promise.all(loads.map((load) => load.stop()));
  const last = await until(
    () => service.scrape(),
    (text) => byPath(text)['/ann'] === ann && byPath(text)['/bob'] === bob,
  );
  seen.see(last);
  expect(processes(last)).toBe(2);
  expect(seen.resets).toBe(0);
  expect([seen.of('/ann'), seen.of('/bob')]).toEqual([ann, bob]);
  // What was answered in the last moments may be gone with it; one request on each connection was counted and not answered.
  expect(seen.of('/cid')).toBeGreaterThanOrEqual(acknowledged);
  expect(seen.of('/cid')).toBeLessThanOrEqual((cid as number) + 4);
});

it('is scraped on at the same port when the process that is scraped is killed under load', async () => {
  const { service, apps } = await startGroup(4);
  const seen = new Increases();
  const loads = apps.map((app, i) => new Load(app, PATHS[i] as string));
  for (let i = 0; i < 40; i++) {
    seen.see(await service.scrape());
    await pause(25);
  }
  const shown = seen.of('/ann');
  await apps[0].kill('SIGKILL');
  const killed = performance.now();
  await ownerOf(service, [apps[0]]);
  const after = (performance.now() - killed) / 1000;
  await until(
    async () => {
      const text = await service.scrape();
      seen.see(text);
      return processes(text);
    },
    (count) => count === 3,
  );
  for (let i = 0; i < 20; i++) {
    seen.see(await service.scrape());
    await pause(25);
  }
  const [owners, ...others] = await Promise.all(loads.map((load) => load.stop()));
  const increased = await until(
    async () => {
      seen.see(await service.scrape());
      return PATHS.slice(1, 4).map((path) => seen.of(path));
    },
    (counts) => counts.every((count, i) => count >= (others[i] as number)),
  );
  expect(after).toBeLessThan(2);
  expect(seen.resets).toBe(1);
  expect(increased).toEqual(others);
  // Its own alone are what it had shown.
  expect(seen.of('/ann')).toBe(shown);
  expect(shown).toBeLessThanOrEqual(owners as number);
});

it('loses and repeats nothing when whoever is scraped is killed, five times in a row', async () => {
  const { service, apps } = await startGroup(8);
  const left = new Map(apps.map((app, i) => [app.child.pid as number, { app, path: PATHS[i] as string }]));
  const seen = new Increases();
  const sent: Record<string, number> = {};
  const send = async (times: number) => {
    for (const { app, path } of left.values()) {
      await ask(app.port, times, path);
      sent[path] = (sent[path] ?? 0) + times;
    }
  };
  const gone: App[] = [];
  for (let i = 0; i < 5; i++) {
    // More is shown than not: a counter that had less to begin anew with would not be seen to.
    await send(20);
    seen.see(await service.scrape());
    await send(3);
    const owner = left.get((await ownerOf(service, gone)) as number) as { app: App; path: string };
    // Not shown, and with the one who counted it.
    sent[owner.path] = (sent[owner.path] as number) - 3;
    left.delete(owner.app.child.pid as number);
    gone.push(owner.app);
    await owner.app.kill('SIGKILL');
    await ownerOf(service, gone);
    // All have told what they had not shown, before there is more of it.
    const paths = Array.from(left.values(), ({ path }) => path);
    seen.see(
      await until(
        () => service.scrape(),
        (text) => paths.every((path) => path in byPath(text)),
      ),
    );
  }
  seen.see(await service.scrape());
  expect(Object.fromEntries(PATHS.map((path) => [path, seen.of(path)]))).toEqual(sent);
  expect(seen.resets).toBe(5);
});

it.each([
  { ends: 'by process.exit()', path: '/exit/3', label: '/exit/:id', code: 3 },
  { ends: 'by an uncaught exception', path: '/throw', label: '/throw', code: 1 },
  { ends: 'by its event loop running empty', path: '/close', label: '/close', code: 0 },
])('goes on when the process that is scraped ends $ends', async ({ path, label, code }) => {
  const { service, apps } = await startGroup(2);
  const [owner, member] = apps as [App, App];
  const seen = new Increases();
  await ask(owner.port, 20, '/ann');
  await ask(member.port, 20, '/bob');
  seen.see(await service.scrape());
  await ask(member.port, 3, '/bob');
  await ask(owner.port, 1, path);
  expect(await owner.exit).toEqual({ code, signal: null });
  await ownerOf(service, [owner]);
  await ask(member.port, 2, '/bob');
  seen.see(await service.scrape());
  // Its own last request too: it has left that to the other.
  expect(byPath(await service.scrape())).toEqual({ [label]: 1, '/bob': 5 });
  expect([seen.of('/ann'), seen.of('/bob')]).toEqual([20, 25]);
});

it('goes on when the process that is scraped is asked to end and drains', async () => {
  const { service, apps } = await startGroup(2, { env: { DRAIN: 'yes' } });
  const [owner, member] = apps as [App, App];
  await ask(member.port, 20, '/bob');
  const seen = new Increases();
  seen.see(await service.scrape());
  await owner.kill('SIGTERM');
  expect(await owner.exit).toEqual({ code: 0, signal: null });
  const next = await startOne(service);
  await ask(next.port, 4, '/cid');
  seen.see(await service.merged(2));
  expect([seen.of('/bob'), seen.of('/cid')]).toEqual([20, 4]);
});
