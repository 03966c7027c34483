import { spawnSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { register, root } from '../support/app.ts';
import { byPath, cannot, leftIn, ownTmp, startGroup, startOne } from './faults.ts';
import { ask, Service } from './group.ts';

const user = `org-apm-${process.getuid?.()}`;

/** Two processes that are to find each other; returns the owner's socket folders that were used below `tmp`. */
async function meetWith(tmp: string): Promise<string[]> {
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  await ask(apps[1]?.port as number, 3, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/bob': 3 });
  return apps.map(({ stderr }) => stderr).filter((text) => /could not|failed to|in use/.test(text));
}

it.each([
  { what: 'is a file', make: (tmp: string) => writeFile(tmp, '') },
  { what: 'does not exist', make: async () => {} },
  { what: 'has a name too long for a socket', make: (tmp: string) => mkdir(tmp), name: 'x'.repeat(80) },
])('meets elsewhere where the folder for temporary files $what', async ({ make, name = 'tmp' }) => {
  const tmp = join(await ownTmp(), name);
  await make(tmp);
  expect(await meetWith(tmp)).toEqual([]);
});

it.each([
  {
    what: 'may be written to by others',
    make: async (folder: string) => {
      await mkdir(folder);
      await chmod(folder, 0o777);
    },
  },
  {
    what: 'is a link',
    make: async (folder: string) => {
      await mkdir(`${folder}-there`, { mode: 0o700 });
      await symlink(`${folder}-there`, folder);
    },
  },
  { what: 'is a file', make: (folder: string) => writeFile(folder, '') },
])('puts no socket where its folder $what, and meets elsewhere', async ({ make }) => {
  const tmp = await ownTmp();
  await make(join(tmp, user));
  expect(await meetWith(tmp)).toEqual([]);
  expect(await leftIn(tmp)).toEqual([]);
});

it("puts no socket where its folder is another user's", async (test) => {
  const tmp = await ownTmp();
  await mkdir(join(tmp, user), { mode: 0o700 });
  const given = spawnSync('chown', ['12345', join(tmp, user)]);
  if (given.status !== 0) cannot(test, 'only root can give a folder to another user');
  expect(await meetWith(tmp)).toEqual([]);
  expect(await leftIn(tmp)).toEqual([]);
});

/** Flags under which a process may not write to any file: no folder is left where the processes could meet. */
const DENIED = ['--experimental-permission', '--allow-fs-read=*', '--import', register];

it('gives each process a port of its own where there is no folder to meet in, and says so once', async () => {
  const service = await Service.create();
  const first = await startOne(service, { flags: DENIED });
  await first.said(/metrics at/);
  const second = await startOne(service, { flags: DENIED });
  const url = await second.metricsUrl();
  await ask(first.port, 2, '/ann');
  await ask(second.port, 3, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2 });
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 3 });
  expect(second.stderr.split('\n').filter((line) => line.includes('instead'))).toEqual([
    expect.stringMatching(new RegExp(`^\\[@org/apm\\] port ${service.port} is in use, and no folder can be used`)),
  ]);
});

/** Disks, as they are mounted where the processes could meet, and how they are made usable again. */
const DISKS = [
  { disk: 'is full', options: 'size=64k,nr_inodes=1', again: 'size=64k,nr_inodes=100' },
  { disk: 'cannot be written to', options: 'size=64k,ro', again: 'size=64k,rw' },
];

it.for(DISKS)('becomes one service once the disk that $disk can be used again', async ({ options, again }, test) => {
  if (spawnSync('unshare', ['-m', 'true']).status !== 0) cannot(test, 'mounting a disk of its own needs root on Linux');
  const tmp = await ownTmp();
  const service = await Service.create();
  const env = { TMPDIR: tmp };
  const each = (command: string) => `for at in "$TMPDIR" /tmp /dev/shm; do ${command} || exit 1; done`;
  const mount = each(`mkdir -p -m 700 "$at/${user}" && mount -t tmpfs -o mode=700,${options} none "$at/${user}"`);
  // Mounts that only these processes see.
  const first = await startOne(service, {
    env,
    node: 'unshare',
    flags: ['-m', 'sh', '-c', `${mount}; exec "$0" "$@"`, process.execPath, '--import', register],
  });
  await first.said(/metrics at/);
  const inside = ['-t', String(first.child.pid), '-m', `--wd=${root}`];
  const second = await startOne(service, {
    env,
    node: 'nsenter',
    flags: [...inside, process.execPath, '--import', register],
  });
  const url = await second.metricsUrl();
  await ask(first.port, 2, '/ann');
  await ask(second.port, 3, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2 });
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 3 });
  expect(second.stderr).toContain('no folder can be used to find out');

  const remount = each(`mount -o remount,mode=700,${again} "$at/${user}"`);
  expect(spawnSync('nsenter', [...inside, 'sh', '-c', remount], { env: { ...process.env, ...env } }).status).toBe(0);
  expect(byPath(await service.merged(2))).toEqual({ '/ann': 2, '/bob': 3 });
});
