import { expect, it } from 'vitest';
import { register } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, startOne } from './faults.ts';
import { ask, processCount, Service } from './group.ts';

/** Options for an app that may open only 64 files and sockets. */
const FEW_DESCRIPTORS = {
  node: 'sh',
  flags: ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, '--import', register],
};

it.each(['leader', 'follower'])('merges all processes again after the %s had no file descriptor left', async (role) => {
  const service = await Service.create();
  const isLeader = role === 'leader';
  const leader = await startOne(service, isLeader ? FEW_DESCRIPTORS : {});
  await leader.waitForOutput(/metrics at/);
  const follower = await startOne(service, isLeader ? {} : FEW_DESCRIPTORS);
  await service.merged(2);
  const [limited, other] = isLeader ? [leader, follower] : [follower, leader];
  await ask(limited.port, 1, '/descriptors/2500');
  // A third process joins meanwhile.
  const third = await startOne(service);
  await ask(other.port, 3, '/bob');
  await ask(third.port, 4, '/cid');
  const found = await until(
    () => service.scrape(),
    (text) => processCount(text) === 3 && byPath(text)['/cid'] === 4,
  );
  await limited.waitForOutput(/descriptors closed/);
  await ask(limited.port, 2, '/ann');
  expect(byPath(found)['/bob']).toBe(3);
  expect(byPath(await service.scrape())).toMatchObject({ '/ann': 2, '/bob': 3, '/cid': 4 });
  expect(limited.stderr).not.toMatch(/Error|could not|failed to/);
  expect(limited.child.exitCode).toBeNull();
});
