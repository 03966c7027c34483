import { spawnSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { register, root } from '../support/app.ts';
import { byPath, createTmp, filesIn, skipBecause, startGroup, startOne } from './faults.ts';
import { ask, expectScrape, Service } from './group.ts';

const user = `org-apm-${process.getuid?.()}`;

/** Starts two processes, which must find each other. @returns the logs that contain a failure */
async function failuresWith(tmp: string): Promise<string[]> {
  const { service, apps } = await startGroup(2, { env: { TMPDIR: tmp } });
  await ask(apps[1]?.port as number, 3, '/bob');
  await expectScrape(() => service.scrape(), { '/bob': 3 }, byPath);
  return apps.map(({ stderr }) => stderr).filter((text) => /could not|failed to|in use/.test(text));
}

it.each([
  { what: 'is a file', make: (tmp: string) => writeFile(tmp, '') },
  { what: 'does not exist', make: async () => {} },
  { what: 'has a name too long for a socket', make: (tmp: string) => mkdir(tmp), name: 'x'.repeat(80) },
])('uses another folder when the folder for temporary files $what', async ({ make, name = 'tmp' }) => {
  const tmp = join(await createTmp(), name);
  await make(tmp);
  expect(await failuresWith(tmp)).toEqual([]);
});

it.each([
  {
    what: 'can be written to by other users',
    make: async (folder: string) => {
      await mkdir(folder);
      await chmod(folder, 0o777);
    },
  },
  {
    what: 'is a link',
    make: async (folder: string) => {
      await mkdir(`${folder}-target`, { mode: 0o700 });
      await symlink(`${folder}-target`, folder);
    },
  },
  { what: 'is a file', make: (folder: string) => writeFile(folder, '') },
])('puts no socket into its folder when that folder $what, and uses another one', async ({ make }) => {
  const tmp = await createTmp();
  await make(join(tmp, user));
  expect(await failuresWith(tmp)).toEqual([]);
  expect(await filesIn(tmp)).toEqual([]);
});

it('puts no socket into its folder when that folder belongs to another user', async (test) => {
  const tmp = await createTmp();
  await mkdir(join(tmp, user), { mode: 0o700 });
  const { status } = spawnSync('chown', ['12345', join(tmp, user)]);
  if (status !== 0) skipBecause(test, 'only root can change the owner of a folder');
  expect(await failuresWith(tmp)).toEqual([]);
  expect(await filesIn(tmp)).toEqual([]);
});

/** Flags of Node with which a process may not write to any file, so it can use no folder. */
const NO_WRITE = ['--experimental-permission', '--allow-fs-read=*', '--import', register];

it('gives each process its own port when no folder can be used, and logs that once', async () => {
  const service = await Service.create();
  const first = await startOne(service, { flags: NO_WRITE });
  await first.waitForOutput(/metrics at/);
  const second = await startOne(service, { flags: NO_WRITE });
  const url = await second.metricsUrl();
  await ask(first.port, 2, '/ann');
  await ask(second.port, 3, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/ann': 2 });
  expect(byPath(await (await fetch(url)).text())).toEqual({ '/bob': 3 });
  expect(second.stderr.split('\n').filter((line) => line.includes('instead'))).toEqual([
    expect.stringMatching(
      new RegExp(
        `^\\[@org/apm\\] port ${service.port} has the metrics of process ${first.child.pid} of this service, which shares no folder`,
      ),
    ),
  ]);
});

/** Mount options of a disk for the socket; `again` are the options that make it usable again. */
const DISKS = [
  { disk: 'is full', options: 'size=64k,nr_inodes=1', again: 'size=64k,nr_inodes=100' },
  { disk: 'cannot be written to', options: 'size=64k,ro', again: 'size=64k,rw' },
];

it.for(DISKS)('merges the processes once the disk that $disk can be used again', async ({ options, again }, test) => {
  if (spawnSync('unshare', ['-m', 'true']).status !== 0) skipBecause(test, 'mounting a disk needs root on Linux');
  const tmp = await createTmp();
  const service = await Service.create();
  const env = { TMPDIR: tmp };
  const folders = '"$TMPDIR" /tmp /dev/shm "/run/user/$(id -u)"';
  const inEach = (command: string) => `for at in ${folders}; do [ ! -d "$at" ] || { ${command}; } || exit 1; done`;
  const mount = inEach(`mkdir -p -m 700 "$at/${user}" && mount -t tmpfs -o mode=700,${options} none "$at/${user}"`);
  // The mounts exist only for these processes.
  const first = await startOne(service, {
    env,
    node: 'unshare',
    flags: ['-m', 'sh', '-c', `${mount}; exec "$0" "$@"`, process.execPath, '--import', register],
  });
  await first.waitForOutput(/metrics at/);
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
  expect(second.stderr).toContain(
    'of this service, which shares no folder for sockets with this process or has another OTEL_EXPORTER_PROMETHEUS_HOST (listen E',
  );

  const remount = inEach(`mount -o remount,mode=700,${again} "$at/${user}"`);
  expect(spawnSync('nsenter', [...inside, 'sh', '-c', remount], { env: { ...process.env, ...env } }).status).toBe(0);
  await expectScrape(() => service.merged(2), { '/ann': 2, '/bob': 3 }, byPath);
});
