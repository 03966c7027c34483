import { join } from 'node:path';
import { expect, test } from 'vitest';
import { register, startApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { root } from '../support/root.ts';
import { waitForCounts } from './contract.ts';
import express from './express/table.ts';
import fastify from './fastify/table.ts';
import { type Expected, expectedCounts, type Framework, rowsOf } from './framework.ts';
import hapi from './hapi/table.ts';
import hono from './hono/table.ts';
import { install } from './install.ts';
import koa from './koa/table.ts';
import { makeVariant } from './variants.ts';

const cases: [name: string, framework: Framework, version: string][] = [
  ['express', express, '4'],
  ['express', express, '5'],
  ['fastify', fastify, '5'],
  ['hapi', hapi, '21'],
  ['hono', hono, '4 with node-server 2'],
  ['koa', koa, '3 with @koa/router 15'],
];

/** An entry of the variable that is this label. */
const entryFor = (label: string): string => label.replaceAll(',', '%2C').replaceAll(' ', '%20');

async function send(name: string, framework: Framework, version: string, rows: readonly Expected[], ignore: string) {
  const folder = await install(framework, version);
  const source = join(root, 'test/frameworks', name, 'app.ts');
  const { file, flags } = await makeVariant(framework, source, folder, 'CommonJS');
  const env = { APM_IGNORE_PATHS: ignore };
  const app = await startApp(file, { cwd: folder, env, flags: ['--import', register, ...flags] });
  const client = new Client();
  for (const { line, extras } of rows) await client.send(app.port, { line, ...extras });
  client.close();
  return app;
}

test.each(cases)('every label of %s (%#) is an entry of APM_IGNORE_PATHS that leaves it out', async (...framework) => {
  const rows = rowsOf(framework[1], framework[2]);
  const labels = new Set(rows.map(({ label }) => label));
  const app = await send(...framework, rows, [...labels].map(entryFor).join());
  const text = await until(
    () => app.scrape(),
    (scrape) => Object.entries(samples(scrape)).every(([name, value]) => name.startsWith('target_info') || value === 0),
  );
  expect(requests(text)).toEqual({});
  expect(app.stderr).not.toContain('APM_IGNORE_PATHS');
});

test('patterns leave out what express.static serves below its mount, whatever its label is', async () => {
  const rows = rowsOf(express, '5').filter(({ extras }) => !extras.once);
  const isIgnored = ({ line, label }: Expected) =>
    line.startsWith('GET /static/') || line.startsWith('DELETE /users/') || label.startsWith('/people/:person');
  expect(rows.filter(isIgnored).map(({ label }) => label)).toEqual(
    expect.arrayContaining(['/static', 'unmatched', '/people/:person/pets/:pet']),
  );
  const app = await send('express', express, '5', rows, 'GET /static/*,DELETE /users/*,/people/:person*');
  const counted = rows.filter((row) => !isIgnored(row));
  expect(await waitForCounts(app, counted.length)).toEqual(expectedCounts(counted));
});
