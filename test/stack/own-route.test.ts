import { expect, it } from 'vitest';
import { startPrometheus } from '../../stack/prometheus.ts';
import express from '../frameworks/express/table.ts';
import fastify from '../frameworks/fastify/table.ts';
import { packageSetOf } from '../frameworks/framework.ts';
import { exampleOf, startExample } from '../frameworks/handler-example.ts';
import hono from '../frameworks/hono/table.ts';
import { until } from '../support/exposition.ts';
import { atEnd } from '../support/shared.ts';
import { needPrograms } from './support/needed-programs.ts';

const need = needPrograms('prometheus');

interface Target {
  readonly scrapeUrl: string;
  readonly health: 'unknown' | 'up' | 'down';
  readonly lastError: string;
}

it("scrapes the routes of an app with Prometheus 3, which refuses the framework's own type of a text", async (test) => {
  const program = need('prometheus', test);
  const sends = await exampleOf('A handler of your own', 1);
  const on = [
    packageSetOf(express, '5'),
    packageSetOf(fastify, '5'),
    packageSetOf(hono, '4 with node-server 2'),
  ] as const;
  const apps = {
    'Express, metrics()': startExample(sends, on[0]),
    'Express, metrics() without contentType': startExample(
      sends.replace(".set('Content-Type', apm.contentType)", ''),
      on[0],
    ),
    'Express, handler': startExample(await exampleOf('Express'), on[0]),
    'Fastify, metrics()': startExample(await exampleOf('A handler of your own', 2), on[1]),
    'Fastify, handler': startExample(await exampleOf('Fastify'), on[1]),
    'Hono, handler': startExample(await exampleOf('Hono'), on[2]),
  };
  const names = new Map<string, string>();
  for (const [name, started] of Object.entries(apps)) names.set((await started).url('/metrics'), name);
  const targets = [...names.keys()].map((url) => new URL(url).host);
  const jobs = [{ job_name: 'shop', scrape_interval: '200ms', scrape_timeout: '200ms', static_configs: [{ targets }] }];
  const prometheus = await startPrometheus({ program, config: { scrape_configs: jobs } });
  atEnd(() => prometheus.close());

  const read = async () => {
    const { activeTargets } = await prometheus.api<{ activeTargets: Target[] }>('targets');
    return Object.fromEntries(activeTargets.map(({ scrapeUrl, lastError }) => [names.get(scrapeUrl), lastError]));
  };
  const refused =
    'received unsupported Content-Type "text/html; charset=utf-8" and no fallback_scrape_protocol specified for target';
  const expected = Object.fromEntries(
    [...names.values()].map((name) => [name, name.endsWith('without contentType') ? refused : '']),
  );
  expect(await until(read, (found) => JSON.stringify(found) === JSON.stringify({ ...found, ...expected }))).toEqual(
    expected,
  );
  const up = await until(
    () => prometheus.query('sum(up)'),
    ([sum]) => sum?.value === 5,
  );
  expect(up.map(({ value }) => value)).toEqual([5]);
});
