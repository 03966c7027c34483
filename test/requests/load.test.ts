import { expect, it } from 'vitest';
import { type App, register, startApp } from '../support/app.ts';
import { labels, requests, samples, until } from '../support/exposition.ts';
import { generateTargets, sendPipelined } from '../support/pipeline.ts';
import { http, Wire } from '../support/wire.ts';

const CONNECTIONS = 64;
const ANSWERED = 96_000;
/** Each is sent behind a request that is answered: the answer shows that both have arrived. */
const ABORTED = 2_000;
const SHAPES = ['/users/#', '/orders/#/items', '/missing/#', '/failing/#', '/health'];

const total = (counted: Record<string, number>) => Object.values(counted).reduce((sum, count) => sum + count, 0);

it('counts 100,000 requests on 64 connections exactly, while some clients disconnect', async () => {
  const app = await startApp('test/apps/requests/load.mjs');
  const target = (i: number) => (SHAPES[i % SHAPES.length] as string).replace('#', String(i));
  const work = generateTargets(ANSWERED, target);
  const answered = Array.from({ length: CONNECTIONS - 8 }, () => sendPipelined(app.port, work, 4));
  const aborted = Array.from({ length: 8 }, () => disconnectEarly(app, ABORTED / 8));
  const counts = await Promise.all(answered);
  await Promise.all(aborted);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ANSWERED);

  const text = await until(
    () => app.scrape(),
    (scrape) => total(requests(scrape)) >= ANSWERED + 2 * ABORTED,
  );
  const each = ANSWERED / SHAPES.length;
  expect(requests(text)).toEqual({
    'GET /users/:id 200': each,
    'GET /orders/:id/items 200': each,
    'GET unmatched 404': each,
    'GET /failing/:id 500': each,
    'GET /health 200': each + ABORTED,
    'GET unmatched 499': ABORTED,
  });
  expect(samples(text)['http_active_requests{method="GET"}']).toBe(0);
});

/** Clients that send a request which is never answered, and disconnect once it has arrived; one after the other. */
async function disconnectEarly(app: App, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const wire = await Wire.open(app.port);
    wire.send(http('GET /health'), http(`GET /hang/${i}`));
    // The answer to the first request shows that the second one, sent with it, has been read too.
    await wire.waitForData(/ok$/);
    wire.reset();
    await wire.closed;
  }
}

/** A word that no rule takes for an id, so that each word gives another path. */
function word(i: number): string {
  let text = '';
  for (let n = i + 26; n > 0; n = Math.floor(n / 26)) text += String.fromCharCode(97 + (n % 26));
  return text;
}

const TARGETS: ((i: number) => string)[] = [
  (i) => `/${word(i)}/${word(i * 7)}`,
  (i) => `/missing/${word(i)}`,
  (i) => `/items/${i}?page=${word(i)}`,
  (i) => `/${word(i % 40)}/${word(Math.floor(i / 40) % 40)}/${word(i)}`,
];

it('keeps 500 paths and grows by less than 10 MB at 1,000,000 distinct URLs', async () => {
  const maxPaths = 500;
  const app = await startApp('test/apps/requests/load.mjs', { flags: ['--expose-gc', '--import', register] });
  const ask = async (from: number, to: number) => {
    const work = generateTargets(to - from, (i) => (TARGETS[i % TARGETS.length] as (i: number) => string)(from + i));
    await Promise.all(Array.from({ length: 4 }, () => sendPipelined(app.port, work, 64)));
  };
  // First reach the limit of paths, and let the server allocate the memory that its first requests need.
  await ask(0, 200_000);
  await app.scrape();
  const before = await rss(app);
  await ask(200_000, 1_200_000);
  const after = await rss(app);
  const text = await app.scrape();

  const paths = new Set(Object.keys(samples(text)).flatMap((sample) => labels(sample).path ?? []));
  expect(total(requests(text))).toBe(1_200_000);
  expect([...paths].filter((path) => path.startsWith('/')).length).toBe(maxPaths);
  expect(paths).toContain('other');
  expect(paths).toContain('unmatched');
  expect(text).not.toContain('page=');
  expect((after - before) / 2 ** 20).toBeLessThan(10);
  const warning = `[@org/apm] ${maxPaths} distinct guessed paths reached (APM_MAX_PATHS); further ones are counted as path="other". Name their routes with APM_ROUTES`;
  expect(app.stderr.split('\n').filter((line) => line.includes('distinct'))).toEqual([warning]);
}, 180_000);

function rss({ child }: App): Promise<number> {
  return new Promise((resolve) => {
    child.once('message', (bytes) => resolve(bytes as number));
    child.send('memory');
  });
}
