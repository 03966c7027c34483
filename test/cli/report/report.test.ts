import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import { snapshotName } from '../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import type { Report } from '../../../src/cli/report/report.ts';
import type { ApmSnapshot } from '../../../src/snapshot.ts';
import { startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { freePort } from '../../support/free-port.ts';
import { emptyFolder, record, varyingBlocks } from '../compare/recording.ts';
import { buildSnapshot, save, saveSnapshot } from '../compare/snapshot-files.ts';
import { apm } from '../run.ts';

const START = Date.parse('2026-11-16T00:00:00Z') / 1000;

/** Requests per bucket: up to 100 ms, 200 ms, 500 ms, 1 s, and longer. */
const WEEK = {
  'GET /quick': [5000, 100, 10, 0, 0],
  'GET /stalls': [980, 0, 0, 0, 20],
  'POST /slow': [0, 0, 300, 200, 0],
  'GET /rare': [2, 0, 0, 0, 0],
};

it('prints Markdown for a weekly note', async () => {
  const week = await record(join(await emptyFolder(), 'week'), varyingBlocks(WEEK), START);
  const { code, stdout, stderr } = await apm(['report', week]);
  expect(stdout).toMatchInlineSnapshot(`
    "# week: 2026-11-16T00:00:00Z to 2026-11-16T00:06:00Z, 6 min

    164,911 requests; p50 0-100 ms, p90 0-100 ms, p99 0.5-1 s, mean 50 ms; over 500 ms: 3.3 %; 5xx: 10 %

    ## Slowest endpoints

    |  | p99 | p90 | p50 | mean | requests | over 500 ms | 5xx |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | \`GET /stalls\` | > 1 s | 0-100 ms | 0-100 ms | 50 ms | 24,941 | 2 % | 10 % |
    | \`POST /slow\` | 0.5-1 s | 0.5-1 s | 200-500 ms | 50 ms | 12,472 | 40 % | 10 % |
    | \`GET /quick\` | 100-200 ms | 0-100 ms | 0-100 ms | 50 ms | 127,450 | 0 % | 10 % |

    1 endpoint has fewer than 100 timed requests: no p99.

    ## Widest tails

    |  | in words | times the median |
    | --- | --- | --- |
    | \`GET /stalls\` | 2 in 100 wait more than 1 s; the median is at most 100 ms, the mean 50 ms | > 10× |

    ## Where the time went

    |  | share | time | requests | mean |
    | --- | --- | --- | --- | --- |
    | \`GET /quick\` | 77.3 % | 6,373 s | 127,450 | 50 ms |
    | \`GET /stalls\` | 15.1 % | 1,247 s | 24,941 | 50 ms |
    | \`POST /slow\` | 7.6 % | 624 s | 12,472 | 50 ms |
    | \`GET /rare\` | 0.029 % | 2.4 s | 48 | 50 ms |
    "
  `);
  expect([code, stderr]).toEqual([0, '']);
});

/** Latencies of which some are slow: every so many. */
const mixed = (count: number, fast: (i: number) => number, slow: number, every: number, of: number) =>
  Array.from({ length: count }, (_, i) => (i % of < every ? slow : fast(i)));
/** 17 to 23 ms. */
const fast = (i: number) => 0.017 + (i % 7) / 1000;
/** Quantiles of a log-normal distribution with a p99 of about 22 times the median. */
const wide = Array.from({ length: 1000 }, (_, i) => 0.02 * ((i + 0.5) / (999.5 - i)) ** (2 / 3));

it('says of snapshots, to three digits, how many requests are slow and how slow they are', async () => {
  const latencies = {
    'GET /three 200': mixed(1000, fast, 2.15, 3, 100),
    'GET /hang 200': mixed(1000, fast, 1.2, 1, 200),
    'GET /seldom 200': mixed(5000, fast, 2, 3, 1000),
    'GET /halves 200': mixed(1000, fast, 2, 1, 2),
    'GET /health 200': mixed(1000, () => 0.00059, 0.0121, 1, 50),
    'GET /wide 200': wide,
    'GET /steady 200': mixed(1000, fast, 0.03, 1, 100),
  };
  const file = await saveSnapshot(
    await emptyFolder(),
    buildSnapshot(latencies, { time: START, started: [START - 3600] }),
  );
  const { code, stdout } = await apm(['report', file]);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "# 2026-11-16T00-00-00.000Z.json: 2026-11-15T23:00:00Z to 2026-11-16T00:00:00Z, 60 min

    11,000 requests; p50 20 ms, p90 23 ms, p99 1.98 s, mean 120 ms; over 100 ms: 5.7 %; 5xx: 0 %

    ## Slowest endpoints

    |  | p99 | p90 | p50 | mean | requests | over 100 ms | 5xx |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | \`GET /three\` | 2.16 s | 22.8 ms | 20 ms | 83.9 ms | 1,000 | 3 % | 0 % |
    | \`GET /halves\` | 1.98 s | 1.98 s | 22.8 ms | 1.01 s | 1,000 | 50 % | 0 % |
    | \`GET /wide\` | 416 ms | 86.2 ms | 20 ms | 45.5 ms | 1,000 | 8.2 % | 0 % |
    | \`GET /seldom\` | 22.8 ms | 22.8 ms | 20 ms | 25.9 ms | 5,000 | 0.3 % | 0 % |
    | \`GET /hang\` | 22.8 ms | 22.8 ms | 20 ms | 25.9 ms | 1,000 | 0.5 % | 0 % |
    | \`GET /steady\` | 22.8 ms | 22.8 ms | 20 ms | 20.1 ms | 1,000 | 0 % | 0 % |
    | \`GET /health\` | 12.2 ms | 0.587 ms | 0.587 ms | 0.82 ms | 1,000 | 0 % | 0 % |

    ## Widest tails

    |  | in words | times the median |
    | --- | --- | --- |
    | \`GET /three\` | 3 in 100 wait about 2.16 s; the median is 20 ms, the mean 83.9 ms | 110× |
    | \`GET /seldom\` | 3 in 1,000 wait about 1.98 s; the median is 20 ms, the mean 25.9 ms | 99× |
    | \`GET /halves\` | 5 in 10 wait longer than 1.96 s; the median is 22.8 ms, the mean 1.01 s | 87× |
    | \`GET /hang\` | 5 in 1,000 wait about 1.2 s; the median is 20 ms, the mean 25.9 ms | 60× |
    | \`GET /wide\` | 1 in 100 waits longer than 411 ms; the median is 20 ms, the mean 45.5 ms | 21× |

    ## Where the time went

    |  | share | time | requests | mean |
    | --- | --- | --- | --- | --- |
    | \`GET /halves\` | 76.8 % | 1,010 s | 1,000 | 1.01 s |
    | \`GET /seldom\` | 9.9 % | 130 s | 5,000 | 25.9 ms |
    | \`GET /three\` | 6.4 % | 84 s | 1,000 | 83.9 ms |
    | \`GET /wide\` | 3.5 % | 45 s | 1,000 | 45.5 ms |
    | \`GET /hang\` | 2 % | 26 s | 1,000 | 25.9 ms |
    | \`GET /steady\` | 1.5 % | 20 s | 1,000 | 20.1 ms |
    | \`GET /health\` | 0.062 % | 820 ms | 1,000 | 0.82 ms |
    "
  `);
});

/** Counts of values that took this long, as a snapshot has them. */
const timed = (seconds: readonly number[], bounds: readonly number[]) => {
  const [fine, counts] = [new FineHistogram(), [...bounds.map(() => 0), 0]];
  for (const value of seconds) {
    fine.record(value);
    const bucket = bounds.findIndex((bound) => value <= bound);
    (counts[bucket < 0 ? bounds.length : bucket] as number)++;
  }
  return { seconds: seconds.reduce((sum, value) => sum + value, 0), counts, fine: fine.encode() };
};

const CALLS = {
  'GET /pay 200': [...mixed(97, fast, 2.15, 0, 1), ...new Array(3).fill(2.15)],
  'GET /quick 200': new Array(10).fill(0.01),
};

/** A snapshot with outgoing calls, and where the time went. */
function withCalls(time: number): ApmSnapshot {
  const snapshot = buildSnapshot(CALLS, { time, started: [time - 3600] });
  const payments = mixed(97, fast, 2, 0, 1);
  const spent = (endpoint: string, on: string, seconds: number, slow = false) => {
    const [method = '', path = ''] = endpoint.split(' ');
    return { path, method, on, slow, seconds };
  };
  return {
    ...snapshot,
    calls: [
      { host: 'payments:4000', method: 'POST', status: 200, calls: 97, ...timed(payments, snapshot.bounds) },
      { host: 'payments:4000', method: 'POST', status: null, calls: 3, ...timed([2, 2, 2], snapshot.bounds) },
    ],
    databaseCalls: [
      { system: 'postgresql', host: 'db:5433', operation: 'SELECT', calls: 2, ...timed([0.1, 0.3], snapshot.bounds) },
      { system: 'redis', host: 'cache', operation: 'GET', calls: 1, ...timed([0.001], snapshot.bounds) },
    ],
    timeSpent: [
      spent('GET /pay', 'payments:4000', 1.4),
      spent('GET /pay', 'postgresql db:5433', 0.4),
      spent('GET /pay', 'code', 0.1),
      spent('GET /pay', 'code', 0.2, true),
      spent('GET /pay', 'payments:4000', 6.25, true),
    ],
  };
}

it('says what was called, and what the time of each endpoint was spent on', async () => {
  const file = await saveSnapshot(await emptyFolder(), withCalls(START));
  const { code, stdout } = await apm(['report', file]);
  expect(code).toBe(0);
  expect(stdout.slice(stdout.indexOf('## Widest'))).toMatchInlineSnapshot(`
    "## Widest tails

    |  | in words | times the median | slow requests spend their time on |
    | --- | --- | --- | --- |
    | \`GET /pay\` | 3 in 100 wait about 2.16 s; the median is 20 ms, the mean 83.9 ms | 110× | \`payments:4000\` 96.9 %, \`code\` 3.1 % |

    ## Where the time went

    |  | share | time | requests | mean | spent on |
    | --- | --- | --- | --- | --- | --- |
    | \`GET /pay\` | 98.8 % | 8.39 s | 100 | 83.9 ms | \`payments:4000\` 91.6 %, \`postgresql db:5433\` 4.8 %, \`code\` 3.6 % |
    | \`GET /quick\` | 1.2 % | 100 ms | 10 | 10 ms |  |

    \`code\`: no call was open, and the event loop was busy. \`unseen\`: no measured call was open, and it idled. Time with several open calls is shared equally among them.

    ## Outgoing calls

    |  | operation | p99 | p50 | mean | calls | time | failed |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | \`payments:4000\` | \`POST\` | 1.98 s | 20 ms | 79.4 ms | 100 | 7.94 s | 3 % |
    | \`postgresql db:5433\` | \`SELECT\` | - | 99.6 ms | 200 ms | 2 | 400 ms | - |
    | \`redis cache\` | \`GET\` | - | - | 1 ms | 1 | 1 ms | - |
    "
  `);
  const filtered = await apm(['report', file, '--path', '/pay']);
  expect(filtered.stdout).not.toContain('Outgoing calls');
  expect(filtered.stdout).toContain('`payments:4000`');
});

it('counts calls between two snapshots, and takes older ones that have none', async () => {
  const folder = await emptyFolder();
  const { databaseCalls, timeSpent, ...older } = withCalls(START);
  await save(
    join(folder, snapshotName(new Date(START * 1000), 'json')),
    JSON.stringify({ ...older, requests: [], calls: [] }),
  );
  await saveSnapshot(folder, withCalls(START + 60));
  const { stdout } = await apm(['report', folder, '--format', 'json']);
  const { calls } = JSON.parse(stdout);
  expect(calls.map((one: { called: string; calls: number }) => [one.called, one.calls])).toEqual([
    ['payments:4000', 100],
    ['postgresql db:5433', 2],
    ['redis cache', 1],
  ]);
});

it('reports on a running service', async () => {
  const app = await startApp('test/apps/page/app.mjs');
  const ask = async (path: string) => (await fetch(app.url(path))).text();
  await ask('/first');
  const clients = Array.from({ length: 9 }, async (_, client) => {
    for (let i = client; i < 300; i += 9) await ask(i % 100 < 3 ? '/pay?ms=900' : '/pay?ms=5');
  });
  await Promise.all(clients);
  const url = new URL('/snapshot', await app.metricsUrl());
  const text = await until(
    async () => (await fetch(url)).text(),
    (text) => (JSON.parse(text) as ApmSnapshot).requests.some(({ requests }) => requests === 300),
  );
  const file = await save(join(await emptyFolder(), 'now.json'), text);
  const { code, stdout } = await apm(['report', file]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\| `GET \/pay` \| 9\d\d ms \(small sample\) \|/m);
  expect(stdout).toMatch(
    /^\| `GET \/pay` \| 3 in 100 wait about 9\d\d ms; the median is [\d.]+ ms, the mean [\d.]+ ms \|/m,
  );
});

it('says the same of calls from a snapshot and from the text of a scrape', async () => {
  const app = await startApp('test/apps/page/app.mjs', { env: { APM_CONTEXT: 'true' } });
  const host = new URL(app.url('/')).host;
  const called = encodeURIComponent(app.url('/called?ms=50'));
  for (let i = 0; i < 3; i++) await (await fetch(app.url(`/calls?call=${called}`))).text();
  const closed = `127.0.0.1:${await freePort()}`;
  await (await fetch(app.url(`/calls?call=http://${closed}/`))).text();
  const metrics = await app.metricsUrl();
  const text = await until(
    async () => (await fetch(metrics)).text(),
    (text) => text.includes('http_duration_count{path="/calls",method="GET"} 4'),
  );
  const folder = await emptyFolder();
  const files = {
    'now.prom': text,
    'now.json': await (await fetch(new URL('/snapshot', metrics))).text(),
  };
  const reports = [];
  for (const [name, content] of Object.entries(files)) {
    const { stdout } = await apm(['report', await save(join(folder, name), content), '--format', 'json']);
    const { calls, time } = JSON.parse(stdout) as Report;
    reports.push({
      calls: calls.map(({ p99, p50, ...rest }) => rest),
      spentOn: time.find(({ key }) => key === 'GET /calls')?.spentOn,
    });
  }
  expect(reports[0]).toEqual(reports[1]);
  expect(reports[0]?.calls).toEqual([
    { called: host, operation: 'GET', calls: 3, seconds: expect.any(Number), mean: expect.any(Number), failed: 0 },
    {
      called: closed,
      operation: 'GET',
      calls: 1,
      seconds: expect.any(Number),
      mean: expect.any(Number),
      failed: 1,
    },
  ]);
  expect(reports[0]?.spentOn?.map(({ on }) => on)).toEqual(expect.arrayContaining([host, closed, 'code']));
});

it('explains why a list is empty', async () => {
  const week = await record(join(await emptyFolder(), 'week'), [{ 'GET /rare': [2, 0, 0, 0, 0] }], START);
  expect((await apm(['report', week])).stdout).toMatchInlineSnapshot(`
    "# week: 2026-11-16T00:00:00Z to 2026-11-16T00:00:15Z, 15 s

    2 requests; p50 0-100 ms, p90 -, p99 -, mean 50 ms; over 500 ms: 0 %; 5xx: 0 %

    ## Slowest endpoints

    No endpoint has the 100 timed requests that a p99 needs.

    1 endpoint has fewer than 100 timed requests: no p99.

    ## Widest tails

    No endpoint has requests that take 100 ms or longer, and ten times its median.

    ## Where the time went

    |  | share | time | requests | mean |
    | --- | --- | --- | --- | --- |
    | \`GET /rare\` | 100 % | 100 ms | 2 | 50 ms |
    "
  `);
});

it('prints JSON, limited to the selected endpoints', async () => {
  const week = await record(join(await emptyFolder(), 'week'), varyingBlocks(WEEK), START);
  const args = ['report', week, '--format', 'json', '--top', '1', '--method', 'GET'];
  const { service, slowest, widest, time, ...rest } = JSON.parse((await apm(args)).stdout);
  expect(rest).toEqual({
    format: 2,
    period: 'week: 2026-11-16T00:00:00Z to 2026-11-16T00:06:00Z, 6 min',
    objective: 0.5,
    calls: [],
    few: 1,
  });
  const keys = [slowest, widest, time].map((list) => list.map(({ key }: { key: string }) => key));
  expect(keys).toEqual([['GET /stalls'], ['GET /stalls'], ['GET /quick']]);
  expect(slowest[0]).toMatchObject({
    p99: { value: 'Infinity', low: 1, high: 'Infinity' },
    p50: { value: expect.closeTo(0.051, 3), low: 0, high: 0.1 },
    slowRequests: {
      share: expect.closeTo(0.02, 3),
      isApart: true,
      seconds: { value: 'Infinity', low: 1, high: 'Infinity' },
      ratio: { value: expect.closeTo(19.6, 1), low: 10, high: 'Infinity' },
    },
  });
  expect(service.requests).toBe(time[0].requests + slowest[0].requests + 48);
});

it.each([
  [[], 'expected one directory or file, or --prometheus; got 0 paths'],
  [['one', 'two'], 'expected one directory or file, or --prometheus; got 2 paths'],
  [['one', '--top', '0'], '--top: expected a whole number, 1 or more; got "0"'],
  [['one', '--format', 'html'], '--format: expected one of markdown, json; got "html"'],
  [['one', '--job', 'shop'], '--job needs --prometheus'],
  [['one', '--period', '-7d..now'], '--period needs --prometheus'],
  [['--prometheus', 'http://localhost'], '--period is missing'],
  [['one', '--prometheus', 'http://localhost'], '"one" does not go with --prometheus'],
])('reports a usage error in one line: %j', async (args, line) => {
  const ended = await apm(['report', ...args]);
  expect(ended).toEqual({ code: 2, stdout: '', stderr: `apm report: ${line}; see apm report --help\n` });
});

it('reports in one line that there is no histogram', async () => {
  const counter = join(await emptyFolder(), 'counter.prom');
  await writeFile(counter, 'http_requests_total{path="/a",method="GET",status_code="200"} 50\n');
  expect(await apm(['report', counter])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'apm report: no request was timed: http_duration has no buckets; event streams are not timed\n',
  });
});

it('reports a missing file in one line', async () => {
  const ended = await apm(['report', '/nowhere/at/all']);
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: 'apm report: /nowhere/at/all does not exist; record it: apm snapshot URL --out /nowhere/at/all\n',
  });
});
