import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, register, startApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { requests, until } from '../support/exposition.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { type Expected, type Framework, rowsOf, seriesOf, type Version } from './framework.ts';
import { install } from './install.ts';
import { shuffled } from './shuffled.ts';
import { makeVariant, VARIANTS, type Variant } from './variants.ts';

const here = join(root, 'test/frameworks');
const [OLDEST, ...NEWER] = NODE_VERSIONS;
/** Requests of one app while others are on their way, at the least. */
const INTERLEAVED = 200;
const watchPrototype = new URL('../support/object-prototype.mjs', import.meta.url).href;

/**
 * The promise to every framework: all its requests are counted by their routes, and nothing else of the app changes.
 * Every version runs in every variant on the oldest Node, and on each newer Node in one that is another with the next
 * version. A part of all versions is tested, so that files can share the work.
 */
export async function contract(part: number, parts: number): Promise<void> {
  const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  let index = 0;
  for (const { name: folder } of folders) {
    const { default: framework } = (await import(join(here, folder, 'table.ts'))) as { default: Framework };
    for (const version of Object.keys(framework.versions)) {
      if (index % parts === part) testVersion(framework, folder, version, index);
      index++;
    }
  }
}

function testVersion(framework: Framework, source: string, version: string, index: number): void {
  const rows = rowsOf(framework, version);
  const { notOn = {} } = framework.versions[version] as Version;

  describe(`${framework.name} ${version}: every request is counted by its route`, () => {
    const client = new Client();
    let folder: string;
    beforeAll(async () => {
      folder = await install(framework, version);
    }, 300_000);
    afterAll(() => client.close());

    const start = async (variant: Variant, on: NodeVersion, preload: string[]): Promise<App> => {
      const { file, flags } = await makeVariant(framework, join(here, source, 'app.ts'), folder, variant);
      const env = { OTEL_LOG_LEVEL: 'debug' };
      return startApp(file, { node: node(on), cwd: folder, flags: [...preload, ...flags], env });
    };
    const runs = async (variant: Variant, on: NodeVersion) => {
      const app = await start(variant, on, ['--import', watchPrototype, '--import', register]);
      await answers(app, client, rows);
    };

    for (const variant of VARIANTS) if (!notOn[OLDEST]) test(`${variant}`, () => runs(variant, OLDEST));
    NEWER.forEach((each, shift) => {
      const variant = VARIANTS[(index + shift) % VARIANTS.length] as Variant;
      if (!notOn[each]) test(`${variant} on Node ${each}`, () => runs(variant, each));
    });
    for (const [each, reason] of Object.entries(notOn)) {
      test(`Node ${each} it does not run on, with or without us: ${reason}`, async () => {
        const answered = start('CommonJS', each as NodeVersion, []).then((app) => statuses(app, client, rows));
        await expect(answered).rejects.toThrow();
      });
    }
  });
}

async function answers(app: App, client: Client, rows: readonly Expected[]): Promise<void> {
  expect(await statuses(app, client, rows)).toEqual(rows.map(({ line, status }) => [line, status]));
  expect(await counted(app, rows.length)).toEqual(seriesOf(rows));

  // Again while others are on their way, on connections that are used again and again.
  const repeated = rows.filter(({ extras }) => !extras.once);
  const times = Math.ceil(INTERLEAVED / repeated.length);
  const mixed = shuffled(Array.from({ length: times }, () => repeated).flat());
  const found = await Promise.all(mixed.map(async (row) => [row.line, await send(app, client, row)]));
  expect(found).toEqual(mixed.map(({ line, status }) => [line, status]));
  expect(await counted(app, rows.length + mixed.length)).toEqual(seriesOf([...rows, ...mixed]));

  const ours = app.stderr.split('\n').filter((line) => line.includes('@org/apm'));
  expect(ours).toEqual([`[@org/apm] metrics at ${await app.metricsUrl()}`]);
  const reply = once(app.child, 'message');
  app.child.send('');
  expect(await reply).toEqual([{ added: [] }, undefined]);
}

async function statuses(app: App, client: Client, rows: readonly Expected[]): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for (const row of rows) found.push([row.line, await send(app, client, row)]);
  return found;
}

const send = (app: App, client: Client, { line, extras }: Expected) => client.send(app.port, { line, ...extras });

/** What is counted once that many requests are: a response may arrive before its end is seen on the other side. */
export const counted = (app: App, total: number): Promise<Record<string, number>> =>
  until(
    async () => requests(await app.scrape()),
    (found) => Object.values(found).reduce((sum, count) => sum + count, 0) >= total,
  );
