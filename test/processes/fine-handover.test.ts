import { expect, it } from 'vitest';
import type { ApmSnapshot } from '../../src/snapshot.ts';
import type { App } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { leaderOf, startGroup } from './faults.ts';
import { ask } from './group.ts';

it('a new leader has every duration that its followers measured, exactly', async () => {
  const { service, apps } = await startGroup(3);
  const [leader, ...others] = apps;
  for (const { port } of others as App[]) await ask(port, 50, '/ann');
  const readFine = () =>
    until(
      async () => {
        const response = await fetch(`http://localhost:${service.port}/snapshot`);
        const { requests } = (await response.json()) as ApmSnapshot;
        return requests.find(({ path, requests: count }) => path === '/ann' && count === 100)?.fine;
      },
      (fine) => fine !== undefined,
    );
  // No scrape has shown them, because the next leader begins with what was not shown.
  const before = await readFine();
  expect(
    before
      ?.slice(3)
      .filter((_, i) => i % 2 === 0)
      .reduce((sum, count) => sum + count, before[1] as number),
  ).toBe(100);
  await leader.kill();
  await leaderOf(service, [leader]);
  expect(await readFine()).toEqual(before);
});
