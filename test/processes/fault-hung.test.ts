import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type App, metricsAt } from '../support/app.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { byPath, Increases, Load, ownerOf, startGroup, startOne, statusAt } from './faults.ts';
import { ask } from './group.ts';

const late = (text: string) => samples(text).apm_processes_late_total ?? 0;

it('does not wait for a stopped process again and again, and has all it counted once it runs on', async () => {
  const { service, apps } = await startGroup(3);
  const [owner, stopped, other] = apps as [App, App, App];
  await ask(stopped.port, 7, '/bob');
  expect(byPath(await service.scrape())).toEqual({ '/bob': 7 });
  stopped.child.kill('SIGSTOP');

  const times: number[] = [];
  const counts: number[] = [];
  for (let i = 1; i <= 3; i++) {
    await ask(other.port, 2, '/cid');
    const start = performance.now();
    const text = await service.scrape();
    times.push(performance.now() - start);
    counts.push(late(text));
    expect(byPath(text)).toEqual({ '/bob': 7, '/cid': 2 * i });
  }
  expect(times[0]).toBeLessThan(3_000);
  // The others are answered at once: well within the patience that the first had.
  expect(Math.max(...times.slice(1))).toBeLessThan(800);
  expect(counts).toEqual([1, 2, 3]);
  const { processes } = await statusAt(service.port);
  expect(processes?.others.filter((one) => one.late)).toEqual([{ pid: String(stopped.child.pid), late: true }]);

  stopped.child.kill('SIGCONT');
  await ask(stopped.port, 5, '/bob');
  await until(
    async () => byPath(await service.scrape()),
    (found) => found['/bob'] === 12,
  );
  await until(
    async () => (await statusAt(service.port)).processes?.others,
    (others) => others?.every((one) => !one.late) === true,
  );
  const now = late(await service.scrape());
  expect(late(await service.scrape())).toBe(now);
  expect(owner.stderr).toBe(`[@org/apm] ${metricsAt(`http://localhost:${service.port}/metrics`)}\n`);
});

it('scrapes the others while the event loop of one is blocked', async () => {
  const { service, apps } = await startGroup(3);
  const [, blocked, other] = apps as [App, App, App];
  await ask(blocked.port, 1, '/block/2500');
  const start = performance.now();
  await ask(other.port, 3, '/cid');
  const text = await service.scrape();
  expect(performance.now() - start).toBeLessThan(3_000);
  expect([late(text), byPath(text)['/cid']]).toEqual([1, 3]);
  await until(
    async () => requests(await service.scrape()),
    (found) => found['GET /block/:id 200'] === 1,
  );
});

it('counts nothing twice when the process that is scraped is killed after a scrape that waited for a stopped one', async () => {
  const { service, apps } = await startGroup(3);
  const [owner, stopped, busy] = apps as [App, App, App];
  const seen = new Increases();
  await ask(busy.port, 1_000, '/cid');
  seen.see(await service.scrape());
  stopped.child.kill('SIGSTOP');
  // While the scrape waits for that one, the busy one has answered, and tells more.
  let acknowledged = 1_000;
  let isMade = false;
  const scrape = service.scrape().finally(() => {
    isMade = true;
  });
  while (!isMade) {
    await ask(busy.port, 5, '/cid');
    acknowledged += 5;
    await pause(50);
  }
  seen.see(await scrape);
  await owner.kill('SIGKILL');
  await ownerOf(service, [owner]);
  // The scrape may have shown all there was; then the next owner would have no series to begin anew.
  await ask(busy.port, 5, '/cid');
  acknowledged += 5;
  const total = await until(
    async () => {
      seen.see(await service.scrape());
      return seen.of('/cid');
    },
    (sum) => sum >= acknowledged,
  );
  expect(total).toBe(acknowledged);
  expect(seen.resets).toBe(1);
  stopped.child.kill('SIGCONT');
});

it('has all that was counted while the process that is scraped was stopped, once it runs on', async () => {
  const { service, apps } = await startGroup(2);
  const [owner, member] = apps as [App, App];
  await ask(member.port, 5, '/bob');
  await service.scrape();
  owner.child.kill('SIGSTOP');
  // More than a socket holds, where everything is queued that is counted.
  const started = startOne(service);
  const load = new Load(member, '/bob');
  await pause(3_000);
  const acknowledged = 5 + (await load.stop());
  expect((await started).stderr).toBe('');
  owner.child.kill('SIGCONT');
  const text = await until(
    () => service.scrape(),
    (text) => samples(text).apm_processes === 3,
  );
  expect(byPath(text)['/bob']).toBe(acknowledged);
});
