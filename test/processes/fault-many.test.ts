import { expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { byPath, Increases, Load, startGroup, startOne } from './faults.ts';
import { ask, processCount, Service } from './group.ts';

it('merges sixty-four processes and threads into one scrape', async () => {
  const service = await Service.create();
  const ready = /^all at (.+)$/m;
  const ports: string[] = [];
  // Eight processes with eight threads each, because a small machine has too little memory for sixty-four processes.
  for (let i = 0; i < 4; i++) {
    const apps = await Promise.all(
      [1, 2].map(() => service.start('many-servers.mjs', { env: { KIND: 'thread', COUNT: '8' }, ready })),
    );
    for (const app of apps) ports.push(...(ready.exec(app.stdout)?.[1] ?? '').split(' '));
  }
  expect(ports.length).toBe(64);
  await until(
    () => service.scrape(),
    (text) => processCount(text) === 64,
    40,
  );
  await Promise.all(ports.map((port, i) => ask(port, i + 1)));
  const start = performance.now();
  const text = await service.scrape();
  expect(performance.now() - start).toBeLessThan(3_000);
  expect(byPath(text)).toEqual({ '/': (64 * 65) / 2 });
  expect(text).toContain('apm_processes_late_total 0\n');
});

it('answers a hundred concurrent scrapes, again and again, while processes start and exit', async () => {
  const { service, apps } = await startGroup(2);
  const increases = new Increases();
  const load = new Load(apps[0], '/ann');
  let sentByExited = 0;
  const churn = async () => {
    for (let i = 0; i < 4; i++) {
      const app = await startOne(service);
      await app.waitForOutput(/served by/);
      await ask(app.port, 5, '/cid');
      await ask(app.port, 1, '/exit/0');
      await app.exit;
      sentByExited += 5;
    }
  };
  let isOver = false;
  const churning = churn().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const all = await Promise.all(Array.from({ length: 100 }, () => service.scrape()));
    expect(all.filter((text) => !text.endsWith('\n'))).toEqual([]);
    increases.add(all.at(-1) as string);
  }
  await churning;
  const answered = await load.stop();
  await ask((apps[1] as App).port, 1, '/bob');
  const found = await until(
    async () => byPath(await service.scrape()),
    (now) => now['/ann'] === answered,
  );
  expect(found).toMatchObject({ '/ann': answered, '/bob': 1, '/cid': sentByExited });
  expect(increases.resets).toBe(0);
});
