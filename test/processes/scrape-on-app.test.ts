import { expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { requests, until } from '../support/exposition.ts';
import { ask, processCount, Service } from './group.ts';

it.each([
  ['APM_METRICS_ON_APP', { APM_METRICS_ON_APP: '/metrics' }],
  ['a handler in code', { HANDLER: 'yes', OTEL_METRICS_EXPORTER: 'none' }],
])('%s answers with the metrics of all workers of a cluster, in every worker', async (_, env) => {
  const service = await Service.create();
  const app = await service.start('cluster-one-port.mjs', { env });
  const scrape = async () => (await fetch(app.url('/metrics'))).text();
  await until(scrape, (text) => processCount(text) === 3);
  await ask(app.port, 60);
  // The three workers answer in turn, so each of them answers twice.
  for (let i = 0; i < 6; i++) expect(requests(await scrape())).toEqual({ 'GET / 200': 60 });
});

it('shows a scraper the first errors as 0 once, whichever workers of a cluster answer it', async () => {
  const env = { APM_METRICS_ON_APP: '/metrics', APM_ROUTES: '/orders/:status' };
  const app = await startApp('test/apps/statuses/cluster.mjs', { env });
  // A connection each, so that the workers answer in turn.
  const scrape = async (headers: Record<string, string> = {}) =>
    (await call(app.url('/metrics'), { headers: { 'User-Agent': 'Prometheus', ...headers } })).body;
  await until(scrape, (text) => processCount(text) === 3);
  for (let i = 0; i < 30; i++) await call(app.url('/orders/503'));
  const asScraper = () => scrape({ 'X-Prometheus-Scrape-Timeout-Seconds': '10' });
  expect(requests(await scrape())).toEqual({ 'GET /orders/:status 503': 30 });
  expect(requests(await asScraper())).toEqual({ 'GET /orders/:status 503': 0 });
  for (let i = 0; i < 6; i++) expect(requests(await asScraper())).toEqual({ 'GET /orders/:status 503': 30 });
});

it('does not merge processes with different ports when the app answers the scrape', async () => {
  const service = await Service.create();
  const env = { APM_METRICS_ON_APP: '/metrics' };
  const [one, two] = [await service.start('one-server.mjs', { env }), await service.start('one-server.mjs', { env })];
  await ask(one.port, 1);
  await ask(two.port, 2);
  for (const [app, count] of [
    [one, 1],
    [two, 2],
  ] as const) {
    expect(requests(await (await fetch(app.url('/metrics'))).text())).toEqual({ 'GET / 200': count });
  }
});
