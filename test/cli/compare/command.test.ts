import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { skipMissing } from '../../stack/support/skip-missing.ts';
import { freePort } from '../../support/free-port.ts';
import { root } from '../../support/root.ts';
import { apm } from '../run.ts';
import { emptyFolder, type RequestCounts, record, varyingBlocks } from './recording.ts';
import { buildSnapshot, saveSnapshot } from './snapshot-files.ts';

const FAST = [9500, 300, 150, 40, 10];
const SLOW = [800, 150, 9000, 40, 10];
const SAME = [300, 500, 40, 8, 2];
const BEFORE: RequestCounts = { 'GET /a': SLOW, 'POST /b': SAME, 'GET /few': [1], 'GET /gone': [5] };
const AFTER: RequestCounts = { 'GET /a': FAST, 'POST /b': SAME, 'GET /few': [1], 'PUT /new': [5] };
const START = Date.parse('2026-11-23T07:00:00Z') / 1000;

let folder: string;
let before: string;
let after: string;

beforeEach(async () => {
  folder = await emptyFolder();
  before = await record(join(folder, 'before'), varyingBlocks(BEFORE), START);
  after = await record(join(folder, 'after'), varyingBlocks(AFTER), START + 3600);
});

describe('two recordings', () => {
  it('prints the change of each endpoint and of the service, its size, and a verdict', async () => {
    const { code, stdout, stderr } = await apm(['compare', before, after]);
    expect(stdout).toMatchInlineSnapshot(`
      "Better: the service (p50, p90), GET /a (p50, p90).

      before: 2026-11-23 07:00:00 to 07:06:00 UTC, 6 min
      after: 2026-11-23 08:00:00 to 08:06:00 UTC, 6 min

      The service, weighted by the endpoint mix before   270,837 -> 270,669 requests
        p50            200-500 ms -> 0-100 ms    -82.8 %   (-100 % to -50 %)     faster
        p90            200-500 ms -> 0-100 ms    -78.6 %   (-100 % to -50 %)     faster
        p99            200-500 ms -> 200-500 ms                                  below resolution
        mean           50 ms -> 50 ms            0 %       (-0.42 % to +0.42 %)  no evidence
        over 500 ms    0.55 % -> 0.55 %          0 points  (-0.063 to +0.064)    no evidence
        5xx            10 % -> 10 %              0 points  (-0.26 to +0.26)      no evidence

      GET /a   249,589 -> 249,421 requests
        p50            200-500 ms -> 0-100 ms    -84.3 %   (-100 % to -50 %)     faster
        p90            200-500 ms -> 0-100 ms    -79.8 %   (-100 % to -50 %)     faster
        p99            200-500 ms -> 200-500 ms                                  below resolution
        mean           50 ms -> 50 ms            0 %       (-0.43 % to +0.43 %)  no evidence
        over 500 ms    0.5 % -> 0.5 %            0 points  (-0.063 to +0.063)    no evidence
        5xx            10 % -> 10 %              0 points  (-0.27 to +0.27)      no evidence

      POST /b   21,224 -> 21,224 requests
        p50, p90       100-200 ms -> 100-200 ms                                  below resolution
        p99            0.5-1 s -> 0.5-1 s                                        below resolution
        mean           50 ms -> 50 ms            0 %       (-1.5 % to +1.5 %)    no evidence
        over 500 ms    1.1 % -> 1.1 %            0 points  (-0.31 to +0.31)      no evidence
        5xx            10 % -> 10 %              0 points  (-0.92 to +0.92)      no evidence

      GET /few   24 -> 24 requests
        p50, p90, p99  0-100 ms -> 0-100 ms                                      too few requests
        mean           50 ms -> 50 ms                                            too few requests
        over 500 ms    0 % -> 0 %                                                none on either side
        5xx            8.3 % -> 8.3 %                                            too few requests

      Only before: GET /gone

      Only after: PUT /new

      Two periods, one after the other: what else changed is part of the difference. Together, verdicts
      hold at 95 %. More: --explain
      "
    `);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('prints Markdown for a pull request', async () => {
    const { code, stdout, stderr } = await apm(['compare', before, after, '--format', 'markdown']);
    expect(stdout).toMatchInlineSnapshot(`
      "Better: the service (p50, p90), \`GET /a\` (p50, p90).

      - before: 2026-11-23 07:00:00 to 07:06:00 UTC, 6 min
      - after: 2026-11-23 08:00:00 to 08:06:00 UTC, 6 min

      |  | requests | p50 | p90 | p99 | mean | over 500 ms | 5xx |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | The service, weighted by the endpoint mix before | 270,837 → 270,669 | 200-500 ms → 0-100 ms<br>**faster** -82.8 % (-100 % to -50 %) | 200-500 ms → 0-100 ms<br>**faster** -78.6 % (-100 % to -50 %) | 200-500 ms → 200-500 ms<br>below resolution | 50 ms → 50 ms<br>no evidence 0 % (-0.42 % to +0.42 %) | 0.55 % → 0.55 %<br>no evidence 0 points (-0.063 to +0.064) | 10 % → 10 %<br>no evidence 0 points (-0.26 to +0.26) |
      | \`GET /a\` | 249,589 → 249,421 | 200-500 ms → 0-100 ms<br>**faster** -84.3 % (-100 % to -50 %) | 200-500 ms → 0-100 ms<br>**faster** -79.8 % (-100 % to -50 %) | 200-500 ms → 200-500 ms<br>below resolution | 50 ms → 50 ms<br>no evidence 0 % (-0.43 % to +0.43 %) | 0.5 % → 0.5 %<br>no evidence 0 points (-0.063 to +0.063) | 10 % → 10 %<br>no evidence 0 points (-0.27 to +0.27) |
      | \`POST /b\` | 21,224 → 21,224 | 100-200 ms → 100-200 ms<br>below resolution | 100-200 ms → 100-200 ms<br>below resolution | 0.5-1 s → 0.5-1 s<br>below resolution | 50 ms → 50 ms<br>no evidence 0 % (-1.5 % to +1.5 %) | 1.1 % → 1.1 %<br>no evidence 0 points (-0.31 to +0.31) | 10 % → 10 %<br>no evidence 0 points (-0.92 to +0.92) |
      | \`GET /few\` | 24 → 24 | 0-100 ms → 0-100 ms<br>too few requests | 0-100 ms → 0-100 ms<br>too few requests | 0-100 ms → 0-100 ms<br>too few requests | 50 ms → 50 ms<br>too few requests | 0 % → 0 %<br>none on either side | 8.3 % → 8.3 %<br>too few requests |

      Only before: \`GET /gone\`

      Only after: \`PUT /new\`

      Two periods, one after the other: what else changed is part of the difference. Together, verdicts hold at 95 %. More: --explain
      "
    `);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('prints JSON for programs', async () => {
    const { code, stdout, stderr } = await apm(['compare', before, after, '--format', 'json', '--path', '/a']);
    expect([code, stderr]).toEqual([0, '']);
    const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value);
    const { endpoints, service, ...rest } = JSON.parse(stdout, rounded);
    expect(rest).toEqual({
      format: 2,
      method: 'periods',
      confidence: 0.95,
      objective: 0.5,
      durations: {
        before: { seconds: 360, needed: expect.any(Number) },
        after: { seconds: 360, needed: expect.any(Number) },
      },
      leftOut: { before: 0, after: 0 },
      missing: { before: [], after: [] },
      bounds: [0.1, 0.2, 0.5, 1],
      sides: {
        before: { name: 'before', from: 1.7954e9, to: 1.7954e9, blocks: 24 },
        after: { name: 'after', from: 1.7954e9, to: 1.7954e9, blocks: 24 },
      },
    });
    const exactly = (value: number) => ({ value, low: value, high: value });
    const within = (value: number, low: number, high: number) => ({ value, low, high });
    const [change, p] = [
      { value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) },
      expect.any(Number),
    ];
    const tested = (verdict: string) => ({ change, p, verdict });
    const buckets = (...counts: number[]) =>
      counts.map((count, i) => ({ low: [0, 0.1, 0.2, 0.5, 1][i], high: [0.1, 0.2, 0.5, 1, 'Infinity'][i], count }));
    const a = {
      key: 'GET /a',
      requests: { before: 249590, after: 249420 },
      histograms: { before: buckets(19952, 3750, 224640, 997, 250), after: buckets(236930, 7500, 3744, 997, 250) },
      measures: [
        { measure: 'p50', before: within(0.33501, 0.2, 0.5), after: within(0.052636, 0, 0.1), ...tested('better') },
        { measure: 'p90', before: within(0.46833, 0.2, 0.5), after: within(0.094745, 0, 0.1), ...tested('better') },
        {
          measure: 'p99',
          before: within(0.49833, 0.2, 0.5),
          after: within(0.40006, 0.2, 0.5),
          ...tested('below resolution'),
          // The buckets leave open whether there is a change at all.
          change: { ...change, value: null },
        },
        { measure: 'mean', before: exactly(0.05), after: exactly(0.05), ...tested('no evidence') },
        { measure: 'slow', before: exactly(0.0049962), after: exactly(0.0049996), ...tested('no evidence') },
        { measure: 'errors', before: exactly(0.099996), after: exactly(0.1), ...tested('no evidence') },
      ],
    };
    const [p50] = endpoints[0].measures;
    expect(p50.change.low).toBeLessThan(p50.change.value);
    expect(p50.change.value).toBeLessThan(p50.change.high);
    expect(endpoints).toEqual([a]);
    // With one endpoint, the service has the same figures.
    expect(service).toEqual({ ...a, key: 'service' });
  });

  it('writes a page without external resources that draws both distributions', async () => {
    const out = join(folder, 'fix.html');
    const { code, stdout, stderr } = await apm(['compare', before, after, '--format', 'html', '--out', out]);
    expect([code, stdout, stderr]).toEqual([0, '', '']);
    const page = await readFile(out, 'utf8');
    expect(page.match(/<(script|link|img|iframe|object|style)\b|\b(src|href|on\w+)=|https?:|url\(|@import/g)).toEqual([
      '<style',
    ]);
    expect(page).toContain("default-src 'none'");
    expect(page.match(/<h2>[^<]*/g)).toEqual([
      '<h2>The service, weighted by the endpoint mix before',
      '<h2>GET /a',
      '<h2>POST /b',
      '<h2>GET /few',
      '<h2>How this was computed',
    ]);
    expect(page.match(/<svg /g)).toHaveLength(4);
    const a = page.slice(page.indexOf('<h2>GET /a'), page.indexOf('<h2>POST /b'));
    expect(a.slice(0, a.indexOf('<figure'))).toMatchInlineSnapshot(`
      "<h2>GET /a</h2>
      <p>249,589 → 249,421 requests</p>
      <div class="wide" tabindex="0"><table><thead><tr><th scope="col">measure</th><th scope="col">before → after</th><th scope="col">change</th><th scope="col">interval</th><th scope="col">verdict</th></tr></thead>
      <tbody><tr><th scope="row">p50</th><td>200-500 ms → 0-100 ms</td><td>-84.3 %</td><td>(-100 % to -50 %)</td><td class="better">faster</td></tr><tr><th scope="row">p90</th><td>200-500 ms → 0-100 ms</td><td>-79.8 %</td><td>(-100 % to -50 %)</td><td class="better">faster</td></tr><tr><th scope="row">p99</th><td>200-500 ms → 200-500 ms</td><td></td><td></td><td class="below-resolution">below resolution</td></tr><tr><th scope="row">mean</th><td>50 ms → 50 ms</td><td>0 %</td><td>(-0.43 % to +0.43 %)</td><td class="no-evidence">no evidence</td></tr><tr><th scope="row">over 500 ms</th><td>0.5 % → 0.5 %</td><td>0 points</td><td>(-0.063 to +0.063)</td><td class="no-evidence">no evidence</td></tr><tr><th scope="row">5xx</th><td>10 % → 10 %</td><td>0 points</td><td>(-0.27 to +0.27)</td><td class="no-evidence">no evidence</td></tr></tbody></table></div>
      "
    `);
  });

  it('escapes the names of endpoints in every format', async () => {
    const name = 'GET /<img src=x onerror=alert(1)>|`\u001b[31m"&';
    const blocks = varyingBlocks({ [name]: SAME });
    const one = await record(join(folder, 'one'), blocks, START);
    const other = await record(join(folder, 'other'), blocks.reverse(), START + 3600);
    const output = async (format: string) => (await apm(['compare', one, other, '--format', format])).stdout;
    expect(await output('html')).toContain('<h2>GET /&lt;img src=x onerror=alert(1)&gt;|`');
    expect(await output('html')).not.toContain('<img');
    expect(await output('markdown')).toContain('| ``GET /<img src=x onerror=alert(1)>\\|` [31m"&`` |');
    for (const format of ['table', 'markdown']) expect(await output(format)).not.toContain('\u001b');
    expect(JSON.parse(await output('json')).endpoints[0].key).toBe(name);
  });

  it('compares only the selected endpoints', async () => {
    const parts = async (...args: string[]) =>
      (await apm(['compare', before, after, ...args])).stdout.match(/^[A-Z]+ \/\S*/gm);
    expect(await parts()).toEqual(['GET /a', 'POST /b', 'GET /few']);
    expect(await parts('--method', 'GET')).toEqual(['GET /a', 'GET /few']);
    expect(await parts('--path', '/b')).toEqual(['POST /b']);
  });

  it('uses the given objective and confidence', async () => {
    const { stdout } = await apm([
      'compare',
      before,
      after,
      '--path',
      '/a',
      '--objective',
      '0.1',
      '--confidence',
      '0.99',
    ]);
    expect(stdout).toMatch(/^ {2}over 100 ms +92 % -> 5 % /m);
    expect(stdout).toMatch(/verdicts\s+hold at 99 %\./);
  });
});

it.each([
  ['faster', [], 0],
  ['faster', ['--fail-on', 'not-faster'], 0],
  ['slower', [], 1],
  ['slower', ['--fail-on', 'slower'], 1],
  ['slower', ['--fail-on', 'not-faster'], 1],
  ['slower', ['--fail-on', 'never'], 0],
  ['the same', [], 0],
  ['the same', ['--fail-on', 'not-faster'], 1],
] as const)('if the service is %s, %j exits with %i', async (what, args, code) => {
  const again = await record(join(folder, 'again'), varyingBlocks(BEFORE).reverse(), START + 7200);
  const sides = { faster: [before, after], slower: [after, before], 'the same': [before, again] }[what];
  const ended = await apm(['compare', ...sides, ...args]);
  expect([ended.code, ended.stderr]).toEqual([code, '']);
});

it('compares two services and warns, in one line, that they are not the same one', async () => {
  const sides: string[] = [];
  for (const [service, start] of [
    ['shop', START],
    ['billing', START + 3600],
  ] as const) {
    for (const [i, requests] of [[], [0.02]].entries()) {
      const options = { time: start + 15 * i, id: service, since: start, started: [start - 10], service };
      await saveSnapshot(join(folder, `of-${service}`), buildSnapshot({ 'GET /a 200': requests }, options));
    }
    sides.push(join(folder, `of-${service}`));
  }
  const { code, stdout, stderr } = await apm(['compare', ...sides]);
  expect([code, stdout.split('\n')[0], stderr]).toEqual([
    0,
    'Too short: of-shop is 15 s; 2 min are needed, and of-billing is 15 s; 60 s are needed. Record for',
    'apm compare: of-shop is of the service "shop" and of-billing of "billing"; unless it was renamed, give two recordings of one service\n',
  ]);
});

it('claims nothing from two snapshots, and says how many are needed', async () => {
  const two = async (name: string, block: RequestCounts, start: number) => record(join(folder, name), [block], start);
  const { code, stdout } = await apm(['compare', await two('one', BEFORE, START), await two('two', AFTER, START + 60)]);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "Too short: one is 15 s; 2 min are needed, and two is 15 s; 60 s are needed. Record for longer, or
    give longer periods.

    one: 2026-11-23 07:00:00 to 07:00:15 UTC, 15 s
    two: 2026-11-23 07:01:00 to 07:01:15 UTC, 15 s

    The service, weighted by the endpoint mix before   10,851 -> 10,851 requests
      p50, p90          200-500 ms -> 0-100 ms        too short
      p99               200-500 ms -> 200-500 ms      too short
      mean              50 ms -> 50 ms                too short
      over 500 ms       0.55 % -> 0.55 %              too short
      5xx               10 % -> 10 %                  too short

    GET /a   10,000 -> 10,000 requests
      p50, p90          200-500 ms -> 0-100 ms        too short
      p99               200-500 ms -> 200-500 ms      too short
      mean              50 ms -> 50 ms                too short
      over 500 ms       0.5 % -> 0.5 %                too short
      5xx               10 % -> 10 %                  too short

    POST /b   850 -> 850 requests
      p50, p90          100-200 ms -> 100-200 ms      too short
      p99               0.5-1 s -> 0.5-1 s            too short
      mean              50 ms -> 50 ms                too short
      over 500 ms       1.2 % -> 1.2 %                too short
      5xx               10 % -> 10 %                  too short

    GET /few   1 -> 1 requests
      p50, p90, p99     0-100 ms -> 0-100 ms          too short
      mean              50 ms -> 50 ms                too short
      over 500 ms, 5xx  0 % -> 0 %                    none on either side

    Only before: GET /gone

    Only after: PUT /new

    Two periods, one after the other: what else changed is part of the difference. Together, verdicts
    hold at 95 %. More: --explain
    "
  `);
});

it.each([
  [[], 'expected two files or directories, four files, --prometheus or --rounds; got 0 paths'],
  [['one'], 'expected two files or directories, four files, --prometheus or --rounds; got 1 path'],
  [['one', 'two', '--fast'], "Unknown option '--fast'"],
  [['one', 'two', '--format', 'xml'], '--format: expected one of table, markdown, json, html; got "xml"'],
  [['one', 'two', '--fail-on', 'faster'], '--fail-on: expected one of slower, not-faster, never; got "faster"'],
  [['one', 'two', '--objective', '0'], '--objective: expected seconds greater than 0; got "0"'],
  [['one', 'two', '--objective', '1e400'], '--objective: expected seconds greater than 0; got "1e400"'],
  [['one', 'two', '--confidence', '95'], '--confidence: expected a number between 0.5 and 1; got "95"'],
  [['one', 'two', '--since', '1h'], '--since does not go with two files'],
  [['--rounds', '1', '--a', 'x', '--b', 'y', '--load', 'z'], '--rounds: expected a whole number, 3 to 1000; got "1"'],
  [['--rounds', '2', '--a', 'x', '--b', 'y', '--load', 'z'], '--rounds: expected a whole number, 3 to 1000; got "2"'],
  [['--rounds', '5', '--a', 'x', '--load', 'z'], '--b is missing'],
  [['--rounds', '5', '--prometheus', 'http://localhost'], '--prometheus does not go with --rounds'],
  [['--prometheus', 'http://localhost', '--before', '-2h..-1h'], '--after is missing'],
  [
    ['--prometheus', 'http://localhost', '--versions', '1'],
    '--versions: expected two different versions, separated by a comma; got "1"',
  ],
  [
    ['--prometheus', 'http://localhost', '--versions', '1, 1'],
    '--versions: expected two different versions, separated by a comma; got "1, 1"',
  ],
  [['one', 'two', '--job', 'shop'], '--job does not go with two files'],
  [['one', 'two', '--out', ''], '--out: expected a file; got ""'],
  [['--prometheus', 'http://localhost', 'one'], '"one" does not go with --prometheus'],
])('reports a usage error in one line: %j', async (args, line) => {
  const ended = await apm(['compare', ...args]);
  expect(ended).toEqual({ code: 2, stdout: '', stderr: `apm compare: ${line}; see apm compare --help\n` });
});

it('uses the bound nearest to half a second as the default objective', async () => {
  const bounds = ['0.1', '0.2', '0.4', '1'];
  const [one, other] = await Promise.all(
    [BEFORE, AFTER].map((requests, i) =>
      record(join(folder, `coarse-${i}`), varyingBlocks(requests), START + i * 3600, bounds),
    ),
  );
  const { stdout } = await apm(['compare', one as string, other as string, '--format', 'json']);
  expect(JSON.parse(stdout).objective).toBe(0.4);
});

it('reports bad input in one line, with a remedy', async () => {
  const errorOf = async (...args: string[]) => {
    const { code, stdout, stderr } = await apm(['compare', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    return stderr.replaceAll(folder, 'DIR').replace(/localhost:\d+/g, 'localhost:PORT');
  };
  const notes = join(folder, 'notes.txt');
  await writeFile(notes, 'to do: buy tea\n');
  const counters = ['one.prom', 'other.prom'].map((name) => join(folder, name));
  for (const [i, file] of counters.entries())
    await writeFile(file, `http_requests_total{path="/a",method="GET",status_code="200"} ${50 + i}\n`);
  const others = await record(join(folder, 'others'), varyingBlocks({ 'GET /z': SAME }), START + 3600);
  const bounds = await record(join(folder, 'bounds'), varyingBlocks(BEFORE), START + 3600, [
    '0.1',
    '0.2',
    '0.5',
    '2.5',
  ]);
  const api = ['--before', '-2h..-1h', '--after', '-1h..now'];
  expect([
    await errorOf(before, join(folder, 'nothing')),
    await errorOf(before, notes),
    await errorOf(before, others),
    await errorOf(...counters),
    await errorOf(before, bounds),
    await errorOf(before, after, '--path', '/nowhere'),
    await errorOf(before, after, '--objective', '0.3'),
    await errorOf(before, after, '--out', join(folder, 'no/such/file')),
    await errorOf('--prometheus', `http://localhost:${await freePort()}`, ...api),
    await errorOf('--prometheus', 'localhost', ...api),
    await errorOf('--prometheus', 'http://localhost', '--before', 'yesterday', '--after', '-1h..now'),
    await errorOf('--prometheus', 'http://localhost', '--before', '-1h..-2h', '--after', '-1h..now'),
    await errorOf('--prometheus', 'http://localhost', '--before', '-3h..-1h', '--after', '-2h..now'),
  ]).toMatchInlineSnapshot(`
    [
      "apm compare: DIR/nothing does not exist; record it: apm snapshot URL --out DIR/nothing
    ",
      "apm compare: DIR/notes.txt is not a scrape: line 1 is "to do: buy tea"; expected the text of /metrics, as apm snapshot saves it
    ",
      "apm compare: the two sides have no endpoint in common; check that they are of the same service
    ",
      "apm compare: no request was timed: http_duration has no buckets; event streams are not timed
    ",
      "apm compare: DIR/bounds/2026-11-23T08-00-15.000Z.prom has histogram bounds 0.1 0.2 0.5 2.5, but 0.1 0.2 0.5 1 were expected: use the same APM_BUCKETS for both, or leave out the time before the change
    ",
      "apm compare: before has no request of "/nowhere"; check --method and --path
    ",
      "apm compare: --objective: expected one of the bounds, in seconds (0.1, 0.2, 0.5, 1); got 0.3
    ",
      "apm compare: --out: cannot write DIR/no/such/file (ENOENT); give another file
    ",
      "apm compare: http://localhost:PORT is not reachable: nothing listens there; give the URL of Prometheus: --prometheus http://localhost:PORT
    ",
      "apm compare: --prometheus: expected a URL such as http://localhost:PORT; got "localhost"
    ",
      "apm compare: --before: expected FROM..TO, each a time such as 2026-11-23T07:00:00Z, 1795417200, -2h or now; got "yesterday"
    ",
      "apm compare: --before: expected an end after the beginning; got "-1h..-2h"
    ",
      "apm compare: --before and --after overlap; give two periods that do not
    ",
    ]
  `);
});

it('colours changes on a terminal, unless NO_COLOR is set', async (test) => {
  const slow = await record(join(folder, 'slow'), varyingBlocks({ 'GET /a': SLOW, 'POST /b': FAST }), START);
  const fast = await record(join(folder, 'fast'), varyingBlocks({ 'GET /a': FAST, 'POST /b': SLOW }), START + 3600);
  const onTerminal = (env: Record<string, string>) => {
    const command = [process.execPath, join(root, 'dist/cli/apm.js'), 'compare', slow, fast].join(' ');
    const options = { encoding: 'utf8', env: { PATH: process.env.PATH ?? '', TERM: 'xterm', ...env } } as const;
    return spawnSync('script', ['-qec', command, '/dev/null'], options);
  };
  const { error, stdout } = onTerminal({});
  if (error) return skipMissing(test, 'script of util-linux is missing, which runs a program in a terminal');
  const coloured = stdout.replaceAll('\u001b', 'ESC').match(/ESC\[\d+m[a-z]+ESC\[0m/g);
  expect(coloured?.sort()).toEqual([...Array(2).fill('ESC[31mslowerESC[0m'), ...Array(2).fill('ESC[32mfasterESC[0m')]);
  expect(onTerminal({ NO_COLOR: '1' }).stdout).not.toContain('\u001b');
  expect((await apm(['compare', slow, fast])).stdout).not.toContain('\u001b');
});

it('prints an error in one line without control characters, for any file name', async () => {
  const ended = await apm(['compare', before, join(folder, 'a\n\x1b[31mb')]);
  const shown = `${folder}/a  [31mb`;
  expect(ended).toEqual({
    code: 2,
    stdout: '',
    stderr: `apm compare: ${shown} does not exist; record it: apm snapshot URL --out ${shown}\n`,
  });
});

it('keeps a path inside its Markdown code, whatever characters it contains', async () => {
  const paths = ['GET `<img src=x>', 'GET <b>`', 'GET /a|b\n\n# c'];
  const block = Object.fromEntries(paths.map((path) => [path, SAME]));
  const one = await record(join(folder, 'one'), varyingBlocks(block), START);
  const two = await record(join(folder, 'two'), varyingBlocks({ [paths[0] as string]: SAME }), START + 3600);
  const { stdout } = await apm(['compare', one, two, '--format', 'markdown']);
  const [row] = stdout.split('\n').filter((line) => line.includes('<img'));
  expect(row?.split(' | ')[0]).toBe('| ``GET `<img src=x>``');
  expect(stdout).toContain('\nOnly before: `` GET <b>` ``, `GET /a|b  # c`\n');
});
