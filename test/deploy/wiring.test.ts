import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { freePorts } from '../../stack/ports.ts';
import { needPrograms } from '../stack/support/needed-programs.ts';
import { runCollector, runPrometheus } from '../stack/support/run.ts';
import { launch } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { readCompose, type Service, WAYS } from './support/compose.ts';
import { createAppFolder } from './support/layout.ts';

const take = needPrograms('prometheus', 'collector');
const readText = (file: string) => readFileSync(join(root, file), 'utf8');

/** Converts a service's arguments `--set=a.b=[c,d]` to an overlay of the Collector's configuration. */
function overlayOf({ command = [] }: Service): object {
  const result: Record<string, unknown> = {};
  for (const argument of command) {
    const [, path, list = ''] = /^--set=([\w.]+)=\[(.+)\]$/.exec(argument) ?? [];
    const value = path?.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), list.split(','));
    merge(result, (value ?? {}) as Record<string, unknown>);
  }
  return result;
}

function merge(into: Record<string, unknown>, other: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(other)) {
    if (key in into) merge(into[key] as Record<string, unknown>, value as Record<string, unknown>);
    else into[key] = value;
  }
}

/** The configuration of Prometheus with short intervals, so that the test does not wait for long. */
function shortenIntervals(config: string): object {
  const quicker = parse(config);
  Object.assign(quicker.global, { scrape_interval: '1s', scrape_timeout: '1s' });
  return quicker;
}

for (const way of WAYS) {
  test(`the services of compose.yaml, run without containers, deliver each of the shop's requests to Prometheus once (${way})`, async (context) => {
    const { shop, outside, collector, prometheus } = readCompose(way).services as Record<string, Service>;
    if (!shop || !outside || !collector || !prometheus) throw new Error('a service is missing');
    const programs = { collector: take('collector', context), prometheus: take('prometheus', context) };
    const app = await createAppFolder();
    const ports = await freePorts(9);
    // Replaces each name and port of the containers' network with a port of this machine.
    const names = [
      'shop:8080',
      'outside:8081',
      'prometheus:9090',
      'localhost:9090',
      'collector:4318',
      'collector:8888',
    ];
    const addresses = new Map([...names, 'collector:8889'].map((name, i) => [name, `127.0.0.1:${ports[i]}`]));
    addresses.set('localhost:9090', addresses.get('prometheus:9090') as string);
    const port = (name: string) => Number(addresses.get(name)?.split(':')[1]);
    const replaceNames = (text: string) =>
      [...addresses]
        .reduce((all, [name, address]) => all.replaceAll(name, address), text)
        .replaceAll('/app/', `${app}/`);
    const environmentOf = ({ environment = {} }: Service, own: Record<string, string>) => ({
      ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, replaceNames(String(value))])),
      ...own,
    });

    const files = Object.fromEntries(
      ['services', 'collector', 'otelcol', 'prometheus'].map((name) => [
        `targets/${name}.yml`,
        stringify(parse(replaceNames(readText(`deploy/compose/${way}/${name}.yml`)))),
      ]),
    );
    const prometheusServer = await runPrometheus({
      program: programs.prometheus,
      port: port('prometheus:9090'),
      config: shortenIntervals(readText('prometheus/prometheus.yml')),
      files,
      flags: (prometheus.command ?? []).filter((flag) => !/^--(config\.file|storage\.tsdb\.path)=/.test(flag)),
    });
    await runCollector({
      program: programs.collector,
      overlay: overlayOf(collector),
      env: environmentOf(collector, { COLLECTOR_HOST: '127.0.0.1', COLLECTOR_QUEUE_DIRECTORY: './queue' }),
      ports: { http: port('collector:4318'), own: port('collector:8888'), prometheus: port('collector:8889') },
    });
    const shopEnvironment = environmentOf(shop, {
      SHOP_HOST: '127.0.0.1',
      SHOP_PORT: String(port('shop:8080')),
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
    });
    const shopApp = launch(join(app, 'service.mjs'), { flags: [], cwd: app, env: shopEnvironment });
    await shopApp.waitForOutput(/the shop is open/);

    const [, program, ...check] = (shop.healthcheck?.test ?? []).map((word) =>
      word.replace('8080', `${port('shop:8080')}`),
    );
    await promisify(execFile)(program as string, check, { env: { ...process.env, ...shopEnvironment } });

    const customers = launch(join(app, 'surroundings.mjs'), {
      flags: [],
      cwd: app,
      env: environmentOf(outside, { PAYMENTS_HOST: '127.0.0.1', PAYMENTS_PORT: String(port('outside:8081')) }),
    });
    // 30 of each 120 requests are checkouts, so after 35 every kind of request was sent.
    await until(
      () => prometheusServer.query('http_requests_total{path="/checkout/:cart"} > 35'),
      (found) => found.length > 0,
    );
    customers.child.kill('SIGTERM');
    expect(await customers.exit).toEqual({ code: 0, signal: null });
    const [, sent] = /^ended; (\d+) requests were sent, 0 of them/m.exec(customers.stdout) ?? [];

    // Some requests were in flight when the customers ended. Exported by two ways, the sum would be about twice as high.
    const [counted] = await until(
      () => prometheusServer.query('sum(http_requests_total)'),
      ([sum]) => Number(sum?.value) > 0.8 * Number(sent),
    );
    expect(counted?.value).toBeLessThanOrEqual(Number(sent));
    const series = await prometheusServer.query('count by (job, path) (http_requests_total)');
    expect(series.map(({ metric }) => `${metric.job} ${metric.path}`).sort()).toEqual([
      'shop /checkout/:cart',
      'shop /orders',
      'shop /products',
      'shop /users/:id',
      'shop unmatched',
    ]);
    const jobs = way === 'prometheus' ? ['collector', 'otelcol', 'prometheus'] : ['otelcol', 'prometheus'];
    const up = await until(
      () => prometheusServer.query('up'),
      (found) => found.length === jobs.length && found.every(({ value }) => value === 1),
    );
    expect(up.map(({ metric }) => metric.job).sort()).toEqual(jobs);
  });
}
