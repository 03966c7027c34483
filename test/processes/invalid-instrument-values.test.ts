import { expect, it } from 'vitest';
import { requests, samples, until } from '../support/exposition.ts';
import { byPath } from './faults.ts';
import { ask, requestCount, Service } from './group.ts';

const longNote = (i: number) => `notes_total{note="${i} ${'long '.repeat(5_000)}"}`;
/** The app passes a text as attributes. The SDK makes an attribute of each character, named by its position. */
const VISITS = 'visits_total{_0="/",_1="u",_2="s",_3="e",_4="r",_5="s"}';

it('scrapes an app that gives its own counters no number, no attributes, or very long attributes', async () => {
  const service = await Service.create();
  const app = await service.start('instruments/invalid-values.mjs');
  await ask(app.port, 2, '/invalid');
  await ask(app.port, 3);
  const text = await until(
    () => service.scrape(),
    (found) => found !== '',
  );
  expect(requests(text)).toEqual({ 'GET /invalid 200': 2, 'GET / 200': 3 });
  expect(samples(text)[VISITS]).toBe(2);
});

it.each(['leader', 'follower'])('merges such an app with other processes when it is the %s', async (role) => {
  const service = await Service.create();
  const leader = await service.start('instruments/invalid-values.mjs');
  await leader.waitForOutput(/metrics at/);
  const follower = await service.start('instruments/invalid-values.mjs');
  await follower.waitForOutput(/served by/);
  await ask((role === 'leader' ? leader : follower).port, 2, '/invalid');
  for (let total = 2; total < 14; total += 4) {
    const text = await until(
      () => service.merged(2),
      (found) => requestCount(found) === total,
    );
    const found = samples(text);
    expect(found.apm_processes_late_total).toBe(0);
    expect(found[VISITS]).toBe(2);
    for (const i of [0, 100, 199]) expect(found[longNote(i)]).toBe(2);
    await ask(leader.port, 2);
    await ask(follower.port, 2);
  }
  expect(leader.stderr + follower.stderr).not.toMatch(/not merged|could not|failed to/);
});

it('adds up everything else of an app that gives its own instruments NaN, Infinity or a negative total', async () => {
  const service = await Service.create();
  const start = async () => {
    const app = await service.start('instruments/invalid-numbers.mjs');
    await app.waitForOutput(/metrics at/);
    return app;
  };
  const [leader, follower] = [await start(), await start()];
  await service.merged(2);
  for (const app of [leader, follower]) {
    await ask(app.port, 2, '/good');
    await ask(app.port, 1, '/bad');
  }
  await service.scrape();
  for (const app of [leader, follower]) await ask(app.port, 3, '/good');
  const text = await service.scrape();
  expect(samples(text)).toMatchObject({ 'jobs_total{kind="good"}': 10, apm_processes: 2, apm_processes_late_total: 0 });
  expect(text).not.toMatch(/ (NaN|-5)$/m);
  expect(byPath(text)).toEqual({ '/good': 10, '/bad': 2 });
  expect(leader.stderr + follower.stderr).not.toMatch(/not merged|could not|failed to/);
});
