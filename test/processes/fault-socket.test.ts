import { once } from 'node:events';
import { rename, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { App } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, leftIn, ownTmp, socketIn, startGroup, startOne } from './faults.ts';
import { ask, processes } from './group.ts';

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

it('meets at the socket of processes that were all killed', async () => {
  const tmp = await ownTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  await Promise.all(apps.map((app) => app.kill('SIGKILL')));
  const path = await socketIn(tmp);
  expect(await answers(path)).toBe(false);
  const started = await Promise.all([1, 2, 3].map(() => startOne(service, { env: { TMPDIR: tmp } })));
  for (const app of started) await ask(app.port, 2, '/ann');
  expect(byPath(await service.merged(3))).toEqual({ '/ann': 6 });
  expect(await leftIn(tmp)).toEqual([path.split('/').at(-1)]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('puts the socket back when it is deleted, and takes in who was started in between', async () => {
  const tmp = await ownTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await rm(path);
  const between = await startOne(service, { env: { TMPDIR: tmp } });
  await ask(between.port, 4, '/cid');
  await ask(apps[1]?.port as number, 3, '/bob');
  expect(byPath(await service.merged(3))).toEqual({ '/bob': 3, '/cid': 4 });
  expect(await answers(path)).toBe(true);
  expect(
    await until(
      () => leftIn(tmp),
      (files) => files.length === 1,
    ),
  ).toEqual([path.split('/').at(-1)]);

  // With the whole folder.
  await rm(dirname(path), { recursive: true });
  await until(
    () => answers(path),
    (is) => is,
  );
  const later = await startOne(service, { env: { TMPDIR: tmp } });
  await ask(later.port, 1, '/dot');
  expect(byPath(await service.merged(4))).toEqual({ '/bob': 3, '/cid': 4, '/dot': 1 });
});

it('takes its place back from a socket that was put over its own', async () => {
  const tmp = await ownTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  const stranger = createServer((socket) => socket.resume()).listen(`${path}.stranger`);
  onTestFinished(() => void stranger.close());
  await once(stranger, 'listening');
  const { ino } = await stat(`${path}.stranger`);
  await rename(`${path}.stranger`, path);
  await until(
    async () => (await stat(path).catch(() => undefined))?.ino,
    (now) => now !== undefined && now !== ino,
  );
  const later = await startOne(service, { env: { TMPDIR: tmp } });
  await ask(later.port, 4, '/cid');
  await ask(apps[1]?.port as number, 3, '/bob');
  expect(byPath(await service.merged(3))).toEqual({ '/bob': 3, '/cid': 4 });
});

it('leaves nothing but its folder behind, and keeps no process alive in either role', async () => {
  const tmp = await ownTmp();
  const { apps } = await startGroup(3, { env: { TMPDIR: tmp } });
  const [owner, member, last] = apps as [App, App, App];
  const ends = async (app: App, path: string) => {
    const start = performance.now();
    await ask(app.port, 1, path);
    const ended = await app.exit;
    // An exact time is the machine's; what is kept alive by ours would not end at all.
    expect(performance.now() - start).toBeLessThan(10_000);
    return ended;
  };
  expect(await ends(member, '/close')).toEqual({ code: 0, signal: null });
  expect(await ends(owner, '/close')).toEqual({ code: 0, signal: null });
  // Perhaps in the middle of taking over.
  expect(await ends(last, '/close')).toEqual({ code: 0, signal: null });
  expect(await leftIn(tmp)).toEqual([]);

  const again = await startGroup(3, { env: { TMPDIR: tmp } });
  const [first, second, third] = again.apps as [App, App, App];
  await second.kill('SIGTERM');
  expect(await second.exit).toEqual({ code: null, signal: 'SIGTERM' });
  await first.kill('SIGINT');
  expect(await first.exit).toEqual({ code: null, signal: 'SIGINT' });
  await until(
    async () => processes(await again.service.scrape()),
    (count) => count === 1,
  );
  expect(await ends(third, '/exit/7')).toEqual({ code: 7, signal: null });
  expect(await leftIn(tmp)).toEqual([]);
});
