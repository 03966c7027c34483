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
/** Node 22.12 has one for what is not in node_modules. */
const NO_WARNING = '--disable-warning=ExperimentalWarning';
/** Clients at once, so many times. */
const AT_ONCE = 30;
const ROUNDS = 25;

interface Seen {
  requests: number;
  /** Of those whose response was sent as a whole, how many by status. */
  finished: Record<string, number>;
  open: number;
}

async function seen({ child }: App): Promise<Seen> {
  child.send('seen');
  return (await once(child, 'message'))[0];
}

function send(port: number, host: string, { pieces, leave, wait }: Client): Promise<unknown> {
  const socket = connect({ port, host });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('error', () => {}).resume();
  socket.on('connect', async () => {
    for (const piece of pieces) {
      if (socket.writable) socket.write(piece, 'latin1');
      await new Promise((resolve) => setImmediate(resolve));
    }
    setTimeout(() => (leave === 'reset' ? socket.resetAndDestroy() : socket[leave]()), wait);
    setTimeout(() => socket.destroy(), wait + 50);
  });
  return closed;
}

/** Rounds of clients against a port. fast-check prints the seed, and what it was that failed. */
async function fuzz(port: number, bytes: fc.Arbitrary<string>, alive: () => Promise<void>, host = '127.0.0.1') {
  await fc.assert(
    fc.asyncProperty(fc.array(client(bytes), { minLength: AT_ONCE, maxLength: AT_ONCE }), async (clients) => {
      await Promise.all(clients.map((each) => send(port, host, each)));
      await alive();
    }),
    { numRuns: ROUNDS, endOnFailure: true },
  );
}

function check(text: string, test: TestContext): void {
  for (const name of ['promtool', 'system-promtool'] as const) {
    const { status, stderr } = spawnSync(programs(name, test).path, ['check', 'metrics'], { input: text });
    if (status !== 0 && status !== 3) throw new Error(`${name}: ${stderr}\n${text}`);
  }
}

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const KINDS = { http: http1, express: http1, h2c: http2 };
const APPS = NODE_VERSIONS.flatMap((version) =>
  Object.entries(KINDS).map(([kind, bytes]) => ({ kind, version, bytes })),
);

describe.each(APPS)('an app of $kind on Node $version that is sent anything', ({ kind, version, bytes }) => {
  it('lives on, and as many requests are counted as it saw, under few and wellformed labels', async (test) => {
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
      () => seen(app),
      ({ open }) => open === 0,
    );
    const text = await until(
      async () => (await get(url)).text,
      (scrape) => active(scrape) === 0,
    );
    check(text, test);
    expect(own.requests).toBeGreaterThan(kind === 'h2c' ? 100 : 200);
    const counted = requests(text);
    expect(total(counted)).toBe(own.requests);
    expect(total(durations(text))).toBe(own.requests);
    // Those that were cut off have a status too, if it was sent.
    const byStatus: Record<string, number> = {};
    for (const [key, count] of Object.entries(counted)) {
      const status = key.slice(-3);
      byStatus[status] = (byStatus[status] ?? 0) + count;
    }
    for (const [status, count] of Object.entries(own.finished)) expect(byStatus[status]).toBeGreaterThanOrEqual(count);
    expect(total(own.finished)).toBeGreaterThan(own.requests / 4);

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
    // `unmatched` and `other` besides.
    expect(paths.size).toBeLessThanOrEqual(MAX_PATHS + 2);
    for (const path of paths) expect(path).toMatch(/^(unmatched|other|(\/[\w.~!$'()*:-]*)+)$/);
    expect(
      app.stderr.split('\n').filter((line) => !/^(|.* metrics at .*|.* distinct paths reached .*)$/.test(line)),
    ).toEqual([]);
  });
});

it('a metrics server that is sent anything answers scrapes during it and after', async (test) => {
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
  check((await scrape()).text, test);
  // None of it was a request of the app.
  expect((await seen(app)).requests).toBe(1);
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
});
