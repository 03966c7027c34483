import { expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { DATABASE_DRIVERS } from '../packages/tools.ts';
import { collectSeries } from '../stack/support/collect-series.ts';
import { needPrograms } from '../stack/support/needed-programs.ts';
import { runCollector, runPrometheus } from '../stack/support/run.ts';
import { seriesName } from '../stack/support/series.ts';
import { shippedOptions } from '../stack/support/shipped-options.ts';
import { startTee } from '../stack/support/tee.ts';
import { startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { labels, requests, samples, until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { shared } from '../support/shared.ts';
import { databaseServer } from './support/servers.ts';

const packages = shared(() => installPackages(DATABASE_DRIVERS));
const take = needPrograms('prometheus', 'collector');

/** Of each route. Both processes answer half of them, and each of `/pages` calls `/orders`. */
const REQUESTS = 10;

/** The metrics of requests, of calls and of where the time goes. Each process has others of its own, such as its memory. */
const MEASURED = /^(http_(requests_total|duration|client_duration|time_spent)|db_client_duration)/;

const measured = (all: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => MEASURED.test(name)));

/** Sums of seconds depend in their last digits on the order in which those of two processes are added. */
const nearly = (all: Readonly<Record<string, number>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [name, expect.closeTo(value, 9)]));

const nameOf = (sample: string): string => sample.split('{', 1)[0] as string;

/** The values of a metric by the labels that are named. */
function valuesOf(text: string, metric: string, ...names: string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (nameOf(sample) !== metric) continue;
    const of = labels(sample);
    const key = names.map((name) => of[name]).join(' ');
    found[key] = (found[key] ?? 0) + value;
  }
  return found;
}

it('tells the same of database calls and of spent time by a scrape of merged processes and by their pushes', async (test) => {
  const redis = databaseServer('redis', test);
  const program = take('prometheus', test);
  const collector = await runCollector({ program: take('collector', test) });
  const straight = await runPrometheus(shippedOptions(program, {}));
  const collected = await runPrometheus(shippedOptions(program, { collector: [{ targets: [collector.address] }] }));
  const tee = await startTee([`${collector.url}/v1/metrics`, `${straight.url}/api/v1/otlp/v1/metrics`]);
  const app = await startApp('test/databases/apps/parity.mjs', {
    args: [packages(), String(redis.port)],
    env: {
      OTEL_METRICS_EXPORTER: 'prometheus,otlp',
      OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(),
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: tee.url,
      OTEL_METRIC_EXPORT_INTERVAL: '200',
      OTEL_SERVICE_NAME: 'orders',
      APM_CONTEXT: 'true',
      APM_ROUTES: '/orders,/pages',
    },
  });
  const target = new URL(await app.metricsUrl());
  const services = [{ targets: [target.host], labels: { job: 'orders' } }];
  const direct = await runPrometheus(shippedOptions(program, { services }));

  const answers = [];
  for (const path of ['/orders', '/pages']) for (let i = 0; i < REQUESTS; i++) answers.push(await call(app.url(path)));
  expect(new Set(answers.map(({ body }) => body)).size).toBe(2);
  const text = await until(
    () => app.scrape(),
    (text) => requests(text)['GET /orders 200'] === 2 * REQUESTS,
  );
  const found = await collectSeries({ direct, collected, straight }, 'orders', tee, 4);

  // What is scraped is right, and what the others have is the same.
  const redisCalls = `redis 127.0.0.1:${redis.port}`;
  expect(valuesOf(text, 'db_client_duration_count', 'system', 'host', 'operation')).toEqual({
    [`${redisCalls} SET`]: 2 * REQUESTS,
    [`${redisCalls} GET`]: 2 * REQUESTS,
    [`${redisCalls} LPUSH`]: 2 * REQUESTS,
  });
  const spent = Object.keys(valuesOf(text, 'http_time_spent_seconds_total', 'path', 'on'));
  expect(spent).toEqual(expect.arrayContaining([`/orders ${redisCalls}`, `/pages 127.0.0.1:${app.port}`]));
  const seconds = valuesOf(text, 'http_duration_sum', 'path', 'method');
  for (const [endpoint, sum] of Object.entries(valuesOf(text, 'http_time_spent_seconds_total', 'path', 'method')))
    expect([endpoint, sum]).toEqual([endpoint, expect.closeTo(seconds[endpoint] as number, 9)]);
  const scraped = Object.entries(samples(text)).map(([sample, value]): [string, number] => {
    return [seriesName(nameOf(sample), labels(sample)), value];
  });
  const expected = nearly(measured(Object.fromEntries(scraped)));
  expect(measured(found.direct)).toEqual(expected);
  expect(measured(found.collected)).toEqual(expected);
  expect(measured(found.straight)).toEqual(expected);
});
