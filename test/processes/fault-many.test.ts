import { expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, Increases, Load, startGroup, startOne } from './faults.ts';
import { ask, processes, Service } from './group.ts';

it('scrapes sixty-four processes and threads as one', async () => {
  const service = await Service.create();
  const ready = /^all at (.+)$/m;
  const ports: string[] = [];
  // Eight processes with eight threads each: sixty-four processes are more memory than a small machine has.
  for (let i = 0; i < 4; i++) {
    const apps = await Promise.all(
      [1, 2].map(() => service.start('many.mjs', { env: { KIND: 'thread', COUNT: '8' }, ready })),
    );
    for (const app of apps) ports.push(...(ready.exec(app.stdout)?.[1] ?? '').split(' '));
  }
  expect(ports.length).toBe(64);
  await until(
    () => service.scrape(),
    (text) => processes(text) === 64,
    40,
  );
  await Promise.all(ports.map((port, i) => ask(port, i + 1)));
  const start = performance.now();
  const text = await service.scrape();
  expect(performance.now() - start).toBeLessThan(3_000);
  expect(byPath(text)).toEqual({ '/': (64 * 65) / 2 });
  expect(text).toContain('apm_processes_late_total 0\n');
});

it('answers a hundred scrapes at once, and scrapes in any order, while processes come and go', async () => {
  const { service, apps } = await startGroup(2);
  const seen = new Increases();
  const load = new Load(apps[0], '/ann');
  let gone = 0;
  const churn = async () => {
    for (let i = 0; i < 4; i++) {
      const app = await startOne(service);
      await app.said(/served by/);
      await ask(app.port, 5, '/cid');
      await ask(app.port, 1, '/exit/0');
      await app.exit;
      gone += 5;
    }
  };
  let isOver = false;
  const churning = churn().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const all = await Promise.all(Array.from({ length: 100 }, () => service.scrape()));
    expect(all.filter((text) => !text.endsWith('\n'))).toEqual([]);
    seen.see(all.at(-1) as string);
  }
  await churning;
  const acknowledged = await load.stop();
  await ask((apps[1] as App).port, 1, '/bob');
  const found = await until(
    async () => byPath(await service.scrape()),
    (now) => now['/ann'] === acknowledged,
  );
  expect(found).toMatchObject({ '/ann': acknowledged, '/bob': 1, '/cid': gone });
  expect(seen.resets).toBe(0);
});
