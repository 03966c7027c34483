import { expect, it } from 'vitest';
import { requests, samples, until } from '../support/exposition.ts';
import { ask, counted, Service } from './group.ts';

const long = (i: number) => `notes_total{note="${i} ${'long '.repeat(5_000)}"}`;
/** As the SDK would have it: a text's characters by their places. */
const VISITS = 'visits_total{_0="/",_1="u",_2="s",_3="e",_4="r",_5="s"}';

it('an app that gives its own counters no number, no labels or endless ones is scraped all the same', async () => {
  const service = await Service.create();
  const app = await service.start('gauges/slips.mjs');
  await ask(app.port, 2, '/slip');
  await ask(app.port, 3);
  const text = await until(
    () => service.scrape(),
    (found) => found !== '',
  );
  expect(requests(text)).toEqual({ 'GET /slip 200': 2, 'GET / 200': 3 });
  expect(samples(text)[VISITS]).toBe(2);
});

it.each(['the one that is scraped', 'another'])('so is the whole service, where that app is %s', async (which) => {
  const service = await Service.create();
  const first = await service.start('gauges/slips.mjs');
  await first.said(/metrics at/);
  const second = await service.start('gauges/slips.mjs');
  await second.said(/with those of/);
  await ask((which === 'another' ? second : first).port, 2, '/slip');
  for (let asked = 2; asked < 14; asked += 4) {
    const text = await until(
      () => service.merged(2),
      (found) => counted(found) === asked,
    );
    const found = samples(text);
    expect(found.apm_processes_late_total).toBe(0);
    expect(found[VISITS]).toBe(2);
    for (const i of [0, 100, 199]) expect(found[long(i)]).toBe(2);
    await ask(first.port, 2);
    await ask(second.port, 2);
  }
  expect(first.stderr + second.stderr).not.toMatch(/not merged|could not|failed to/);
});
