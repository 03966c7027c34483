import { expect, it } from 'vitest';
import { requests } from '../support/exposition.ts';
import { ask, expectScrape, Service } from './group.ts';

it('gives another service the next free port, and logs that', async () => {
  const [shop, pay] = [await Service.create(), await Service.create()];
  const first = await shop.start('one-server.mjs');
  await first.waitForOutput(/metrics at/);
  const second = await shop.start('one-server.mjs', { env: { OTEL_SERVICE_NAME: pay.name } });
  const url = await second.metricsUrl();
  expect(Number(new URL(url).port)).toBeGreaterThan(Number(shop.port));
  await ask(first.port, 2);
  await ask(second.port, 3);
  expect(requests(await shop.scrape())).toEqual({ 'GET / 200': 2 });
  expect(requests(await second.scrape())).toEqual({ 'GET / 200': 3 });
  expect(second.stderr).toContain(
    `[@org/apm] port ${shop.port} has the metrics of another service, "${shop.name}" (process ${first.child.pid}): metrics at ${new URL(url).origin} instead; OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own\n`,
  );

  // The second process of that service finds the first one at the other port.
  const third = await shop.start('one-server.mjs', { env: { OTEL_SERVICE_NAME: pay.name } });
  await third.waitForOutput(new RegExp(`metrics at ${url} .*, served by process ${second.child.pid}`));
  await ask(third.port, 4);
  await expectScrape(() => second.scrape(), { 'GET / 200': 7 });
});

it('does not merge services of the same name in different namespaces or environments', async () => {
  const service = await Service.create();
  const start = (attributes: string) =>
    service.start('one-server.mjs', { env: { OTEL_RESOURCE_ATTRIBUTES: attributes } });
  const live = await start('service.namespace=a,deployment.environment.name=production');
  await live.waitForOutput(/metrics at/);
  const others = [
    await start('service.namespace=b,deployment.environment.name=production'),
    await start('service.namespace=a,deployment.environment.name=staging'),
  ];
  for (const other of others) {
    await ask(other.port, 1);
    expect(requests(await other.scrape())).toEqual({ 'GET / 200': 1 });
  }
});
