import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type App, metricsAt } from '../support/app.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { byPath, Increases, Load, leaderOf, startGroup, startOne, statusAt } from './faults.ts';
import { ask } from './group.ts';

/** Distinct paths below the default of APM_MAX_PATHS. Each is 300 characters long, so that increments are large. */
const LONG_PATHS = Array.from({ length: 400 }, (_, i) => {
  const letters = `${String.fromCharCode(97 + (i % 20))}/${String.fromCharCode(97 + Math.floor(i / 20))}`;
  return `/${letters}${'/a-segment-that-makes-the-path-longer'.repeat(8)}`;
});
/**
 * Their increments are more than a socket can hold, which is 200 KB on Linux. A follower sends every 250 ms. Even at 8,000
 * requests/s a path has at most 5 requests in that time, so these requests are at least 800 increments of 400 bytes.
 */
const REQUESTS_TO_FILL_SOCKET = 4_000;

const lateAnswers = (text: string) => samples(text).apm_processes_late_total ?? 0;

it('waits once for a stopped process, and shows everything it counted once it continues', async () => {
  const { service, apps } = await startGroup(3);
  const [leader, stopped, other] = apps as [App, App, App];
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
    counts.push(lateAnswers(text));
    expect(byPath(text)).toEqual({ '/bob': 7, '/cid': 2 * i });
  }
  expect(times[0]).toBeLessThan(3_000);
  // The next scrapes do not wait for the stopped process.
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
  const now = lateAnswers(await service.scrape());
  expect(lateAnswers(await service.scrape())).toBe(now);
  expect(leader.stderr).toBe(`[@org/apm] ${metricsAt(`http://localhost:${service.port}/metrics`)}\n`);
});

it('scrapes the other processes while the event loop of one is blocked', async () => {
  const { service, apps } = await startGroup(3);
  const [, blocked, other] = apps as [App, App, App];
  await ask(blocked.port, 1, '/block/2500');
  const start = performance.now();
  await ask(other.port, 3, '/cid');
  const text = await service.scrape();
  expect(performance.now() - start).toBeLessThan(3_000);
  expect([lateAnswers(text), byPath(text)['/cid']]).toEqual([1, 3]);
  await until(
    async () => requests(await service.scrape()),
    (found) => found['GET /block/:id 200'] === 1,
  );
});

it('counts nothing twice when the leader is killed after a scrape that waited for a stopped process', async () => {
  const { service, apps } = await startGroup(3);
  const [leader, stopped, busy] = apps as [App, App, App];
  const increases = new Increases();
  await ask(busy.port, 1_000, '/cid');
  increases.add(await service.scrape());
  stopped.child.kill('SIGSTOP');
  // While the scrape waits for the stopped process, the busy one has answered and sends more.
  let answered = 1_000;
  let isScraped = false;
  const scrape = service.scrape().finally(() => {
    isScraped = true;
  });
  while (!isScraped) {
    await ask(busy.port, 5, '/cid');
    answered += 5;
    await pause(50);
  }
  increases.add(await scrape);
  await leader.kill('SIGKILL');
  await leaderOf(service, [leader]);
  // Add requests that no scrape has shown: without them, the next leader might have no series that can be reset.
  await ask(busy.port, 5, '/cid');
  answered += 5;
  const total = await until(
    async () => {
      increases.add(await service.scrape());
      return increases.of('/cid');
    },
    (sum) => sum >= answered,
  );
  expect(total).toBe(answered);
  expect(increases.resets).toBe(1);
  stopped.child.kill('SIGCONT');
});

it('serves a process that starts at another port while the leader is stopped, and shows everything once it continues', async () => {
  const { service, apps } = await startGroup(2);
  const [leader, follower] = apps as [App, App];
  await ask(follower.port, 5, '/bob');
  await service.scrape();
  leader.child.kill('SIGSTOP');
  const started = await startOne(service);
  const load = new Load(follower, '/bob');
  const longPaths = new Load(follower, LONG_PATHS);
  await until(
    () => longPaths.answered,
    (requests) => requests >= REQUESTS_TO_FILL_SOCKET,
    60,
  );
  await longPaths.stop();
  const answered = 5 + (await load.stop());
  await started.waitForOutput(/metrics at/);
  expect(started.stderr).toContain(
    `[@org/apm] port ${service.port} has the metrics of a process of this service that does not answer: metrics at http://localhost:`,
  );
  await ask(started.port, 3, '/cid');
  expect(byPath(await (await fetch(await started.metricsUrl())).text())).toEqual({ '/cid': 3 });
  leader.child.kill('SIGCONT');
  const text = await until(
    () => service.scrape(),
    (text) => samples(text).apm_processes === 3,
  );
  expect(byPath(text)).toMatchObject({ '/bob': answered, '/cid': 3 });
});
