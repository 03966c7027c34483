import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, type TestContext } from 'vitest';
import { get } from '../expose/get.ts';
import { needPrograms } from '../stack/support/needed-programs.ts';
import { type App, metricsAt, startApp } from '../support/app.ts';
import { labels, requests, samples, until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { active, durations } from '../support/outcome.ts';
import { type Client, client, http1, http2 } from './bytes.ts';

const programs = needPrograms('promtool', 'system-promtool');
const MAX_PATHS = 20;
/** Node 22.12 warns of `require` of an ES module outside node_modules. */
const NO_WARNING = '--disable-warning=ExperimentalWarning';
const CLIENTS_PER_ROUND = 30;
const ROUNDS = 25;

/**
 * What the app itself counted.
 * @property finished  responses that were sent completely, by status
 * @property open      connections
 */
interface Seen {
  requests: number;
  finished: Record<string, number>;
  open: number;
}

async function readSeen({ child }: App): Promise<Seen> {
  child.send('seen');
  return (await once(child, 'message'))[0];
}

function send(port: number, host: string, { pieces, disconnect, waitMs }: Client): Promise<unknown> {
  const socket = connect({ port, host });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => {}).resume();
  socket.on('connect', async () => {
    for (const piece of pieces) {
      if (socket.writable) socket.write(piece, 'latin1');
      await new Promise((resolve) => setImmediate(resolve));
    }
    setTimeout(() => (disconnect === 'reset' ? socket.resetAndDestroy() : socket[disconnect]()), waitMs);
    setTimeout(() => socket.destroy(), waitMs + 50);
  });
  return closed;
}

/** Sends rounds of clients to a port. On a failure, fast-check prints the seed and the clients of that round. */
async function fuzz(port: number, bytes: fc.Arbitrary<string>, check: () => Promise<void>, host = '127.0.0.1') {
  await fc.assert(
    fc.asyncProperty(
      fc.array(client(bytes), { minLength: CLIENTS_PER_ROUND, maxLength: CLIENTS_PER_ROUND }),
      async (clients) => {
        await Promise.all(clients.map((each) => send(port, host, each)));
        await check();
      },
    ),
    { numRuns: ROUNDS, endOnFailure: true },
  );
}

function checkWithPromtool(text: string, test: TestContext): void {
  for (const name of ['promtool', 'system-promtool'] as const) {
    const { status, stderr } = spawnSync(programs(name, test).path, ['check', 'metrics'], { input: text });
    if (status !== 0 && status !== 3) throw new Error(`${name}: ${stderr}\n${text}`);
  }
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const KINDS = { http: http1, express: http1, h2c: http2 };
const APPS = NODE_VERSIONS.flatMap((version) =>
  Object.entries(KINDS).map(([kind, bytes]) => ({ kind, version, bytes })),
);

describe.each(APPS)('an app of $kind on Node $version that receives arbitrary bytes', ({ kind, version, bytes }) => {
  it('keeps running, and counts every request that it received, with few and well-formed labels', async (test) => {
    const app = await startApp('test/apps/hostile/fuzzed.mjs', {
      args: [kind],
      node: node(version),
      env: { APM_MAX_PATHS: String(MAX_PATHS), NODE_ENV: 'test', NODE_OPTIONS: NO_WARNING },
    });
    const url = await app.metricsUrl();
    await fuzz(app.port, bytes, async () => {
      expect(app.child.exitCode).toBeNull();
    });
    const own = await until(
      () => readSeen(app),
      ({ open }) => open === 0,
    );
    const text = await until(
      async () => (await get(url)).text,
      (scrape) => active(scrape) === 0,
    );
    checkWithPromtool(text, test);
    expect(own.requests).toBeGreaterThan(kind === 'h2c' ? 100 : 200);
    const counted = requests(text);
    expect(sum(counted)).toBe(own.requests);
    expect(sum(durations(text))).toBe(own.requests);
    // A request that the client broke off has a status too, if the app had sent it.
    const byStatus: Record<string, number> = {};
    for (const [key, count] of Object.entries(counted)) {
      const status = key.slice(-3);
      byStatus[status] = (byStatus[status] ?? 0) + count;
    }
    for (const [status, count] of Object.entries(own.finished)) expect(byStatus[status]).toBeGreaterThanOrEqual(count);
    // On a busy machine, most clients have left before their answer.
    expect(sum(own.finished)).toBeGreaterThan(20);

    const paths = new Set<string>();
    for (const sample of Object.keys(samples(text))) {
      const { path, method } = labels(sample);
      if (path !== undefined) paths.add(path);
      if (method !== undefined) expect(method).toMatch(/^(_OTHER|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|QUERY|TRACE)$/);
    }
    if (kind === 'express') {
      const routes = ['/files/*name', '/orders', '/teapot', '/users/:id', 'unmatched'];
      expect(paths).toContain('/users/:id');
      expect(routes).toEqual(expect.arrayContaining([...paths]));
    }
    // The cap does not count `unmatched` and `other`.
    expect(paths.size).toBeLessThanOrEqual(MAX_PATHS + 2);
    for (const path of paths) expect(path).toMatch(/^(unmatched|other|(\/[\w.~!$'()*:-]*)+)$/);
    expect(
      app.stderr.split('\n').filter((line) => !/^(|.* metrics at .*|.* distinct guessed paths reached .*)$/.test(line)),
    ).toEqual([]);
  });
});

it('a metrics server that receives arbitrary bytes answers scrapes meanwhile and afterwards', async (test) => {
  const app = await startApp('test/apps/hostile/fuzzed.mjs', { args: ['http'], env: { APM_AUTH_TOKEN: 'token' } });
  await get(app.url('/users/1'));
  const url = await app.metricsUrl();
  const scrape = () => get(url, { headers: { Authorization: 'Bearer token' } });
  const { text: before } = await scrape();
  expect(before).toContain('http_requests_total{');
  const bytes = fc.oneof(
    http1,
    http1.map((text) => text.replace(/ \/[^ ]* /g, ' /metrics ')),
    http2,
  );
  await fuzz(
    Number(new URL(url).port),
    bytes,
    async () => {
      const { status, text } = await scrape();
      expect(status).toBe(200);
      expect(text).toBe(before);
    },
    'localhost',
  );
  checkWithPromtool((await scrape()).text, test);
  // The app itself received only the one request above.
  expect((await readSeen(app)).requests).toBe(1);
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
});
