import { expect, it } from 'vitest';
import { requests, samples, until } from '../support/exposition.ts';
import { ask, processes, Service } from './group.ts';

it.each([
  ['APM_METRICS_ON_APP', { APM_METRICS_ON_APP: '/metrics' }],
  ['a handler in code', { HANDLER: 'yes', OTEL_METRICS_EXPORTER: 'none' }],
])('whichever worker of a cluster is asked, %s answers for all', async (_, env) => {
  const service = await Service.create();
  const app = await service.start('behind.mjs', { env });
  const scrape = async () => (await fetch(app.url('/metrics'))).text();
  await until(scrape, (text) => processes(text) === 3);
  await ask(app.port, 60);
  // Three workers in turn: each of them is asked.
  for (let i = 0; i < 6; i++) expect(requests(await scrape())).toEqual({ 'GET / 200': 60 });
});

it('leaves servers of the same service with ports of their own apart, where the app answers the scrape', async () => {
  const service = await Service.create();
  const env = { APM_METRICS_ON_APP: '/metrics' };
  const [one, two] = [await service.start('one.mjs', { env }), await service.start('one.mjs', { env })];
  await ask(one.port, 1);
  await ask(two.port, 2);
  for (const [app, count] of [
    [one, 1],
    [two, 2],
  ] as const) {
    expect(requests(await (await fetch(app.url('/metrics'))).text())).toEqual({ 'GET / 200': count });
  }
});

it('adds what an app counts by itself; gauges are a series of each process, or as APM_GAUGES says', async () => {
  const service = await Service.create();
  const env = { APM_GAUGES: 'queue=sum,lag=max' };
  const one = await service.start('gauges/app.mjs', { env: { ...env, SHARE: '5' } });
  await one.said(/metrics at/);
  const own = (text: string) =>
    Object.fromEntries(Object.entries(samples(text)).filter(([name]) => !/^(target_info|http_|apm_)/.test(name)));
  // By itself it needs no other name than its own.
  expect(own(await service.scrape())).toEqual({ orders_total: 5, in_stock: 5, queue: 5, lag: 5, version: 5 });

  const two = await service.start('gauges/app.mjs', { env: { ...env, SHARE: '2' } });
  await two.said(/served by/);
  expect(own(await service.merged(2))).toEqual({
    orders_total: 7,
    in_stock: 7,
    queue: 7,
    lag: 5,
    [`version{pid="${one.child.pid}"}`]: 5,
    [`version{pid="${two.child.pid}"}`]: 2,
  });

  await two.kill();
  await until(service.merged.bind(service, 1), (text) => own(text).in_stock === 5);
  expect(own(await service.scrape())).toEqual({
    orders_total: 7,
    in_stock: 5,
    queue: 5,
    lag: 5,
    [`version{pid="${one.child.pid}"}`]: 5,
  });
});
