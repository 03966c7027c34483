import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, metricsAt, register, startApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { requests, until } from '../support/exposition.ts';
import { lineOf, NODE_VERSIONS, type NodeVersion, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import {
  brokenRows,
  type Expected,
  expectedCounts,
  type Framework,
  newestOf,
  rowsOf,
  rowsOn,
  type Version,
} from './framework.ts';
import { install } from './install.ts';
import { shuffle } from './shuffle.ts';
import { SURROUNDINGS, type Surroundings } from './surroundings.ts';
import { makeVariant, VARIANTS, type Variant } from './variants.ts';

const here = join(root, 'test/frameworks');
const [OLDEST, ...NEWER] = NODE_VERSIONS;
/** The minimum number of concurrent requests to one app. */
const MIN_CONCURRENT_REQUESTS = 200;
export const watchPrototype = new URL('../support/object-prototype.mjs', import.meta.url).href;

/**
 * The promise to every framework: all its requests are counted by their routes, and nothing else in the app changes.
 * Every version runs in every variant on the oldest Node, unless it is a minor one, and on each newer Node in one variant,
 * which changes from version to version. The newest version also runs in all surroundings. This tests one part of all versions, so that several files
 * can share the work.
 */
export async function testContract(part: number, parts: number): Promise<void> {
  const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  let index = 0;
  for (const { name: folder } of folders) {
    // Next and Nitro build their apps themselves, so they have their own tests.
    if (!existsSync(join(here, folder, 'app.ts'))) continue;
    const { default: framework } = (await import(join(here, folder, 'table.ts'))) as { default: Framework };
    const newest = newestOf(framework);
    for (const version of Object.keys(framework.versions)) {
      const surroundings = version === newest ? SURROUNDINGS : [];
      if (index % parts === part) testVersion(framework, folder, version, index, surroundings);
      index++;
    }
  }
}

function testVersion(
  framework: Framework,
  source: string,
  version: string,
  index: number,
  surroundings: readonly Surroundings[],
): void {
  const rows = rowsOf(framework, version);
  const { notOn = {}, isMinor } = framework.versions[version] as Version;
  const variants = isMinor ? VARIANTS.filter((_, i) => i === index % VARIANTS.length) : VARIANTS;

  describe(`${framework.name} ${version}: every request is counted by its route`, () => {
    const client = new Client();
    let folder: string;
    beforeAll(async () => {
      folder = await install(framework, version);
    }, 300_000);
    afterAll(() => client.close());

    const start = async (variant: Variant, on: NodeVersion, before: readonly string[], env = {}): Promise<App> => {
      const { file, flags } = await makeVariant(framework, join(here, source, 'app.ts'), folder, variant);
      const options = { node: node(on), cwd: folder, env };
      return startApp(file, { ...options, flags: [...before, ...flags] });
    };
    const preload = ['--import', watchPrototype, '--import', register];
    const runs = async (variant: Variant, on: NodeVersion) =>
      expectContract(await start(variant, on, preload), client, rowsOn(rows, on));
    const tracers = surroundings.filter(({ blind }) => !blind);
    const blind = surroundings.filter((each) => each.blind);

    for (const variant of variants) if (!notOn[lineOf(OLDEST)]) test(`${variant}`, () => runs(variant, OLDEST));
    NEWER.forEach((each, shift) => {
      const variant = VARIANTS[(index + shift) % VARIANTS.length] as Variant;
      if (!notOn[lineOf(each)]) test(`${variant} on Node ${each}`, () => runs(variant, each));
    });
    for (const { name, flags, env } of tracers)
      test(name, async () => {
        const app = await start('CommonJS', OLDEST, [...(await flags()), ...preload], env);
        await expectContract(app, client, rows);
      });
    for (const { name, flags, env } of blind)
      test(`${name}, the app answers as without us, and no request is lost`, async () => {
        const before = await flags();
        const does = (started: App) => sendRows(started, client, rows);
        const without = await start('CommonJS', OLDEST, before, env).then(does, () => 'does not start');
        const app = start('CommonJS', OLDEST, [...before, ...preload], env);
        expect(await app.then(does, () => 'does not start')).toEqual(without);
        if (typeof without === 'string') return;
        const answered = rows.map((row, i) => ({ ...row, status: without[i]?.[1] as number }));
        const unlabelled = (found: Record<string, number>) => sumBy(found, (series) => series.replace(/ .* /, ' '));
        expect(unlabelled(await waitForCounts(await app, rows.length))).toEqual(unlabelled(expectedCounts(answered)));
      });
    for (const each of NODE_VERSIONS) {
      const reason = notOn[lineOf(each)];
      if (reason === undefined) continue;
      test(`does not run on Node ${each}, with or without us: ${reason}`, async () => {
        const answered = start('CommonJS', each, []).then((app) => sendRows(app, client, rows));
        await expect(answered).rejects.toThrow();
      });
    }
    for (const each of NODE_VERSIONS) {
      const broken = brokenRows(rows, each);
      if (broken.length === 0 || notOn[lineOf(each)]) continue;
      const reasons = new Set(broken.map(({ brokenOn }) => brokenOn?.[each]?.reason));
      // The tests above see the same answers with us.
      test(`gives wrong answers on Node ${each} without us too: ${[...reasons].join('; ')}`, async () => {
        const app = await start('CommonJS', each, []);
        expect(await sendRows(app, client, broken)).toEqual(broken.map(({ line, status }) => [line, status]));
      });
    }
  });
}

/** Sends the rows to an app, one by one and then concurrently, and checks all counts and log lines. */
export async function expectContract(app: App, client: Client, rows: readonly Expected[]): Promise<void> {
  expect(await sendRows(app, client, rows)).toEqual(rows.map(({ line, status }) => [line, status]));
  expect(await waitForCounts(app, rows.length)).toEqual(expectedCounts(rows));

  // Send them again concurrently, on reused connections.
  const repeated = rows.filter(({ extras }) => !extras.once);
  const times = Math.ceil(MIN_CONCURRENT_REQUESTS / repeated.length);
  const mixed = shuffle(Array.from({ length: times }, () => repeated).flat());
  const found = await Promise.all(mixed.map(async (row) => [row.line, await send(app, client, row)]));
  expect(found).toEqual(mixed.map(({ line, status }) => [line, status]));
  expect(await waitForCounts(app, rows.length + mixed.length)).toEqual(expectedCounts([...rows, ...mixed]));

  const ours = app.stderr.split('\n').filter((line) => line.includes('@org/apm'));
  const address = metricsAt(await app.metricsUrl());
  expect(ours).toEqual([`[@org/apm] ${address}`]);
  const reply = once(app.child, 'message');
  app.child.send('');
  expect(await reply).toEqual([{ added: [] }, undefined]);
}

async function sendRows(app: App, client: Client, rows: readonly Expected[]): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for (const row of rows) found.push([row.line, await send(app, client, row)]);
  return found;
}

/** Renames the series and sums the counts of those that then have the same name. */
function sumBy(counts: Record<string, number>, rename: (name: string) => string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of Object.entries(counts)) sums[rename(name)] = (sums[rename(name)] ?? 0) + count;
  return sums;
}

const send = (app: App, client: Client, { line, extras }: Expected) => client.send(app.port, { line, ...extras });

/** Waits until this many requests are counted: a response may arrive before the app has counted it. */
export const waitForCounts = (app: App, total: number): Promise<Record<string, number>> =>
  until(
    async () => requests(await app.scrape()),
    (found) => Object.values(found).reduce((sum, count) => sum + count, 0) >= total,
  );
