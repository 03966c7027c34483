import { once } from 'node:events';
import { rename, rm, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { App } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, createTmp, filesIn, socketIn, startGroup, startOne } from './faults.ts';
import { ask, expectScrape, processCount } from './group.ts';

/** Whether a process accepts connections at this socket. */
const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });

it('replaces the socket that killed processes have left behind', async () => {
  const tmp = await createTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  await Promise.all(apps.map((app) => app.kill('SIGKILL')));
  const path = await socketIn(tmp);
  expect(await answers(path)).toBe(false);
  const started = await Promise.all([1, 2, 3].map(() => startOne(service, { env: { TMPDIR: tmp } })));
  for (const app of started) await ask(app.port, 2, '/ann');
  await expectScrape(() => service.merged(3), { '/ann': 6 }, byPath);
  expect(await filesIn(tmp)).toEqual([path.split('/').at(-1)]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('publishes the socket again when it is deleted, and merges processes that were started meanwhile', async () => {
  const tmp = await createTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  await rm(path);
  const meanwhile = await startOne(service, { env: { TMPDIR: tmp } });
  await ask(meanwhile.port, 4, '/cid');
  await ask(apps[1]?.port as number, 3, '/bob');
  await expectScrape(() => service.merged(3), { '/bob': 3, '/cid': 4 }, byPath);
  // The processes met in another folder meanwhile.
  await until(
    () => answers(path),
    (is) => is,
  );
  expect(
    await until(
      () => filesIn(tmp),
      (files) => files.length === 1,
    ),
  ).toEqual([path.split('/').at(-1)]);

  // Now delete the whole folder.
  await rm(dirname(path), { recursive: true });
  await until(
    () => answers(path),
    (is) => is,
  );
  const later = await startOne(service, { env: { TMPDIR: tmp } });
  await ask(later.port, 1, '/dot');
  await expectScrape(() => service.merged(4), { '/bob': 3, '/cid': 4, '/dot': 1 }, byPath);
});

it('replaces a socket that another program has put at the path of its own', async () => {
  const tmp = await createTmp();
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  const path = await socketIn(tmp);
  const otherProgram = createServer((socket) => socket.resume()).listen(`${path}.other`);
  onTestFinished(() => void otherProgram.close());
  await once(otherProgram, 'listening');
  const { ino } = await stat(`${path}.other`);
  await rename(`${path}.other`, path);
  await until(
    async () => (await stat(path).catch(() => undefined))?.ino,
    (now) => now !== undefined && now !== ino,
  );
  const later = await startOne(service, { env: { TMPDIR: tmp } });
  await ask(later.port, 4, '/cid');
  await ask(apps[1]?.port as number, 3, '/bob');
  await expectScrape(() => service.merged(3), { '/bob': 3, '/cid': 4 }, byPath);
});

it('leaves only its folder behind, and keeps no process alive, as leader or follower', async () => {
  const tmp = await createTmp();
  const { apps } = await startGroup(3, { env: { TMPDIR: tmp } });
  const [leader, follower, last] = apps as [App, App, App];
  const exitsAfter = async (app: App, path: string) => {
    const start = performance.now();
    await ask(app.port, 1, path);
    const exit = await app.exit;
    // If something kept the process alive, it would not exit at all. The limit is for slow machines.
    expect(performance.now() - start).toBeLessThan(10_000);
    return exit;
  };
  expect(await exitsAfter(follower, '/close')).toEqual({ code: 0, signal: null });
  expect(await exitsAfter(leader, '/close')).toEqual({ code: 0, signal: null });
  // The last process may be about to become the leader.
  expect(await exitsAfter(last, '/close')).toEqual({ code: 0, signal: null });
  expect(await filesIn(tmp)).toEqual([]);

  const again = await startGroup(3, { env: { TMPDIR: tmp } });
  const [first, second, third] = again.apps as [App, App, App];
  await second.kill('SIGTERM');
  expect(await second.exit).toEqual({ code: null, signal: 'SIGTERM' });
  await first.kill('SIGINT');
  expect(await first.exit).toEqual({ code: null, signal: 'SIGINT' });
  await until(
    async () => processCount(await again.service.scrape()),
    (count) => count === 1,
  );
  expect(await exitsAfter(third, '/exit/7')).toEqual({ code: 7, signal: null });
  expect(await filesIn(tmp)).toEqual([]);
});
