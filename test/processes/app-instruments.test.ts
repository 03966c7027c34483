import { expect, it } from 'vitest';
import { samples, until } from '../support/exposition.ts';
import { Service } from './group.ts';

it("adds the app's own counters; a gauge has one series for each process, or is merged as APM_GAUGES says", async () => {
  const service = await Service.create();
  const env = { APM_GAUGES: 'queue=sum,lag=max' };
  const one = await service.start('instruments/gauges.mjs', { env: { ...env, SHARE: '5' } });
  await one.waitForOutput(/metrics at/);
  const own = (text: string) =>
    Object.fromEntries(Object.entries(samples(text)).filter(([name]) => !/^(target_info|http_|apm_)/.test(name)));
  // A single process needs no label `pid`.
  expect(own(await service.scrape())).toEqual({ orders_total: 5, in_stock: 5, queue: 5, lag: 5, version: 5 });

  const two = await service.start('instruments/gauges.mjs', { env: { ...env, SHARE: '2' } });
  await two.waitForOutput(/served by/);
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
