import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, record, varyingBlocks } from '../compare/recording.ts';
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
    "# week: 2026-11-16T00:00:00Z to 2026-11-16T00:06:00Z, 24 blocks

    164,911 requests; p50 55.3 ms, p90 99.5 ms, p99 885 ms, mean 50 ms; over 500 ms: 3.3 %; 5xx: 10 %

    ## Slowest endpoints

    |  | p99 | p90 | p50 | mean | requests | over 500 ms | 5xx |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | \`GET /stalls\` | > 1 s | 91.8 ms | 51 ms | 50 ms | 24,941 | 2 % | 10 % |
    | \`POST /slow\` | 987 ms | 875 ms | 450 ms | 50 ms | 12,472 | 40 % | 10 % |
    | \`GET /quick\` | 159 ms | 92 ms | 51.1 ms | 50 ms | 127,450 | 0 % | 10 % |

    1 endpoint has fewer than 100 timed requests: no p99.

    ## Widest tails

    |  | in words | p99 / p50 |
    | --- | --- | --- |
    | \`GET /stalls\` | 1 in 100 waits > 1 s, half wait 51 ms; the mean is 50 ms | > 19.6× |

    ## Where the time went

    |  | share | time | requests | mean |
    | --- | --- | --- | --- | --- |
    | \`GET /quick\` | 77 % | 6,373 s | 127,450 | 50 ms |
    | \`GET /stalls\` | 15 % | 1,247 s | 24,941 | 50 ms |
    | \`POST /slow\` | 7.6 % | 624 s | 12,472 | 50 ms |
    | \`GET /rare\` | 0.029 % | 2 s | 48 | 50 ms |
    "
  `);
  expect([code, stderr]).toEqual([0, '']);
});

it('explains why a list is empty', async () => {
  const week = await record(join(await emptyFolder(), 'week'), [{ 'GET /rare': [2, 0, 0, 0, 0] }], START);
  expect((await apm(['report', week])).stdout).toMatchInlineSnapshot(`
    "# week: 2026-11-16T00:00:00Z to 2026-11-16T00:00:15Z, 1 block

    2 requests; p50 50 ms, p90 -, p99 -, mean 50 ms; over 500 ms: 0 %; 5xx: 0 %

    ## Slowest endpoints

    No endpoint has the 100 timed requests that a p99 needs.

    1 endpoint has fewer than 100 timed requests: no p99.

    ## Widest tails

    No endpoint has a p99 of ten times its p50.

    ## Where the time went

    |  | share | time | requests | mean |
    | --- | --- | --- | --- | --- |
    | \`GET /rare\` | 100 % | 0 s | 2 | 50 ms |
    "
  `);
});

it('prints JSON, limited to the selected endpoints', async () => {
  const week = await record(join(await emptyFolder(), 'week'), varyingBlocks(WEEK), START);
  const args = ['report', week, '--format', 'json', '--top', '1', '--method', 'GET'];
  const { service, slowest, widest, time, ...rest } = JSON.parse((await apm(args)).stdout);
  expect(rest).toEqual({
    format: 1,
    period: 'week: 2026-11-16T00:00:00Z to 2026-11-16T00:06:00Z, 24 blocks',
    top: 1,
    objective: 0.5,
    few: 1,
  });
  const keys = [slowest, widest, time].map((list) => list.map(({ key }: { key: string }) => key));
  expect(keys).toEqual([['GET /stalls'], ['GET /stalls'], ['GET /quick']]);
  expect(slowest[0]).toMatchObject({ p99: 'Infinity', gap: expect.closeTo(19.6, 1) });
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
