import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { skipMissing } from '../../stack/support/skip-missing.ts';
import { freePort } from '../../support/free-port.ts';
import { root } from '../../support/root.ts';
import { apm } from '../run.ts';
import { emptyFolder, type RequestCounts, record, varyingBlocks } from './recording.ts';

const FAST = [9000, 800, 150, 40, 10];
const SLOW = [800, 9000, 150, 40, 10];
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
      "before: 2026-11-23T07:00:00Z to 2026-11-23T07:06:00Z, 24 blocks
      after: 2026-11-23T08:00:00Z to 2026-11-23T08:06:00Z, 24 blocks

      The service, weighted by the endpoint mix before   271,191 -> 270,699 requests
        p50          146 ms -> 58.3 ms  -60 %        (-60 % to -60 %)            better
        p90          191 ms -> 136 ms                                            below resolution
        p99          423 ms -> 423 ms                                            below resolution
        mean         50 ms -> 50 ms     -4.4e-14 %   (-4.4e-14 % to -4.4e-14 %)  no evidence
        over 500 ms  0.55 % -> 0.55 %   +0.0011 %    (-0.0033 % to +0.0055 %)    no evidence
        5xx          10 % -> 10 %       +0.000087 %  (-0.0021 % to +0.0023 %)    no evidence

      GET /a   249,943 -> 249,451 requests
        p50          147 ms -> 55.6 ms  -62 %        (-62 % to -62 %)            better
        p90          191 ms -> 100 ms                                            below resolution
        p99          400 ms -> 400 ms                                            below resolution
        mean         50 ms -> 50 ms     -4.4e-14 %   (-4.4e-14 % to -4.4e-14 %)  no evidence
        over 500 ms  0.5 % -> 0.5 %     +0.0012 %    (-0.0024 % to +0.0048 %)    no evidence
        5xx          10 % -> 10 %       +0.000095 %  (-0.0003 % to +0.00049 %)   no evidence

      POST /b   21,224 -> 21,224 requests
        p50          125 ms -> 125 ms                               below resolution
        p90          193 ms -> 193 ms                               below resolution
        p99          581 ms -> 581 ms                               below resolution
        mean         50 ms -> 50 ms    0 %  (0 % to 0 %)            no evidence
        over 500 ms  1.1 % -> 1.1 %    0 %  (-0.017 % to +0.017 %)  no evidence
        5xx          10 % -> 10 %      0 %  (-0.015 % to +0.015 %)  no evidence

      GET /few   24 -> 24 requests
        p50          50 ms -> 50 ms                     below resolution
        p90          90 ms -> 90 ms                     too few requests
        p99          99 ms -> 99 ms                     too few requests
        mean         50 ms -> 50 ms  0 %  (0 % to 0 %)  no evidence
        over 500 ms  0 % -> 0 %                         too few requests
        5xx          8.3 % -> 8.3 %                     too few requests

      Only before: GET /gone

      Only after: PUT /new

      Periods: one after the other, so the difference includes everything else that changed. Verdicts hold
      at 95 % for everything together; each interval by itself.
      "
    `);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('prints Markdown for a pull request', async () => {
    const { code, stdout, stderr } = await apm(['compare', before, after, '--format', 'markdown']);
    expect(stdout).toMatchInlineSnapshot(`
      "- before: 2026-11-23T07:00:00Z to 2026-11-23T07:06:00Z, 24 blocks
      - after: 2026-11-23T08:00:00Z to 2026-11-23T08:06:00Z, 24 blocks

      |  | requests | p50 | p90 | p99 | mean | over 500 ms | 5xx |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      | the service, weighted by the endpoint mix before | 271,191 → 270,699 | 146 ms → 58.3 ms<br>**better** -60 % (-60 % to -60 %) | 191 ms → 136 ms<br>**below resolution** | 423 ms → 423 ms<br>**below resolution** | 50 ms → 50 ms<br>**no evidence** -4.4e-14 % (-4.4e-14 % to -4.4e-14 %) | 0.55 % → 0.55 %<br>**no evidence** +0.0011 % (-0.0033 % to +0.0055 %) | 10 % → 10 %<br>**no evidence** +0.000087 % (-0.0021 % to +0.0023 %) |
      | \`GET /a\` | 249,943 → 249,451 | 147 ms → 55.6 ms<br>**better** -62 % (-62 % to -62 %) | 191 ms → 100 ms<br>**below resolution** | 400 ms → 400 ms<br>**below resolution** | 50 ms → 50 ms<br>**no evidence** -4.4e-14 % (-4.4e-14 % to -4.4e-14 %) | 0.5 % → 0.5 %<br>**no evidence** +0.0012 % (-0.0024 % to +0.0048 %) | 10 % → 10 %<br>**no evidence** +0.000095 % (-0.0003 % to +0.00049 %) |
      | \`POST /b\` | 21,224 → 21,224 | 125 ms → 125 ms<br>**below resolution** | 193 ms → 193 ms<br>**below resolution** | 581 ms → 581 ms<br>**below resolution** | 50 ms → 50 ms<br>**no evidence** 0 % (0 % to 0 %) | 1.1 % → 1.1 %<br>**no evidence** 0 % (-0.017 % to +0.017 %) | 10 % → 10 %<br>**no evidence** 0 % (-0.015 % to +0.015 %) |
      | \`GET /few\` | 24 → 24 | 50 ms → 50 ms<br>**below resolution** | 90 ms → 90 ms<br>**too few requests** | 99 ms → 99 ms<br>**too few requests** | 50 ms → 50 ms<br>**no evidence** 0 % (0 % to 0 %) | 0 % → 0 %<br>**too few requests** | 8.3 % → 8.3 %<br>**too few requests** |

      Only before: \`GET /gone\`

      Only after: \`PUT /new\`

      Periods: one after the other, so the difference includes everything else that changed. Verdicts hold at 95 % for everything together; each interval by itself.
      "
    `);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('prints JSON for programs', async () => {
    const { code, stdout, stderr } = await apm(['compare', before, after, '--format', 'json', '--path', '/a']);
    expect([code, stderr]).toEqual([0, '']);
    const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value);
    const { endpoints, service, method, ...rest } = JSON.parse(stdout, rounded);
    expect(rest).toEqual({
      format: 1,
      confidence: 0.95,
      objective: 0.5,
      missing: { before: [], after: [] },
      bounds: [0.1, 0.2, 0.5, 1],
      sides: {
        before: { name: 'before', from: 1.7954e9, to: 1.7954e9, blocks: 24 },
        after: { name: 'after', from: 1.7954e9, to: 1.7954e9, blocks: 24 },
      },
    });
    expect([method.name, method.text.slice(0, 8)]).toEqual(['periods', 'Periods:']);
    const unknown = { change: null, low: null, high: null, p: null, verdict: 'below resolution' };
    const a = {
      key: 'GET /a',
      requests: { before: 249940, after: 249450 },
      slow: { before: 0.0049891, after: 0.004999 },
      errors: { before: 0.099999, after: 0.1 },
      counts: { before: [19952, 225000, 3744, 997, 250], after: [224460, 20000, 3744, 997, 250] },
      quantiles: [
        {
          q: 0.5,
          before: 0.14668,
          after: 0.055567,
          change: -0.62115,
          low: -0.6214,
          high: -0.62089,
          p: expect.closeTo(0, 12),
          verdict: 'faster',
        },
        { q: 0.9, before: 0.19111, after: 0.10023, ...unknown },
        { q: 0.99, before: 0.39965, after: 0.40004, ...unknown },
      ],
    };
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
      '<h2>Method',
    ]);
    expect(page.match(/<svg /g)).toHaveLength(4);
    const a = page.slice(page.indexOf('<h2>GET /a'), page.indexOf('<h2>POST /b'));
    expect(a.slice(0, a.indexOf('<figure'))).toMatchInlineSnapshot(`
      "<h2>GET /a</h2>
      <p>249,943 -&gt; 249,451 requests</p>
      <div class="wide" tabindex="0"><table><thead><tr><th scope="col"></th><th scope="col">before → after</th><th scope="col">change</th><th scope="col">interval</th><th scope="col">verdict</th></tr></thead>
      <tbody><tr><th scope="row">p50</th><td>147 ms → 55.6 ms</td><td>-62 %</td><td>(-62 % to -62 %)</td><td class="better">better</td></tr><tr><th scope="row">p90</th><td>191 ms → 100 ms</td><td></td><td></td><td class="below-resolution">below resolution</td></tr><tr><th scope="row">p99</th><td>400 ms → 400 ms</td><td></td><td></td><td class="below-resolution">below resolution</td></tr><tr><th scope="row">mean</th><td>50 ms → 50 ms</td><td>-4.4e-14 %</td><td>(-4.4e-14 % to -4.4e-14 %)</td><td class="no-evidence">no evidence</td></tr><tr><th scope="row">over 500 ms</th><td>0.5 % → 0.5 %</td><td>+0.0012 %</td><td>(-0.0024 % to +0.0048 %)</td><td class="no-evidence">no evidence</td></tr><tr><th scope="row">5xx</th><td>10 % → 10 %</td><td>+0.000095 %</td><td>(-0.0003 % to +0.00049 %)</td><td class="no-evidence">no evidence</td></tr></tbody></table></div>
      "
    `);
    expect(a.slice(a.indexOf('<figure'))).toMatchInlineSnapshot(`
      "<figure tabindex="0"><svg viewBox="0 0 960 190" role="img" aria-label="Share of requests in each duration bucket, before and after">
      <line class="q" x1="0" y1="156" x2="960" y2="156"/>
      <rect class="b" x="0" y="143.2" width="191" height="12.8"/><rect class="b" x="192" y="12" width="191" height="144"/><rect class="b" x="384" y="153.6" width="191" height="2.4"/><rect class="b" x="576" y="155.4" width="191" height="0.6"/><rect class="b" x="768" y="155.8" width="191" height="0.2"/><path class="a" d="M0 12.1H192L192 143.2H384L384 153.6H576L576 155.4H768L768 155.8H960"/>
      <text x="96" y="171" text-anchor="middle">to 100 ms</text><text x="288" y="171" text-anchor="middle">to 200 ms</text><text x="480" y="171" text-anchor="middle">to 500 ms</text><text x="672" y="171" text-anchor="middle">to 1 s</text><text x="864" y="171" text-anchor="middle">over 1 s</text><text x="0" y="188">filled: before; line: after; highest: 90 % of the requests</text>
      </svg></figure>
      </section>
      <section>"
    `);
  });

  it('escapes the names of endpoints in every format', async () => {
    const name = 'GET /<img src=x onerror=alert(1)>|`\u001b[31m"&';
    const blocks = varyingBlocks({ [name]: SAME });
    const one = await record(join(folder, 'one'), blocks, START);
    const other = await record(join(folder, 'other'), blocks, START + 3600);
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
    expect(stdout).toContain('over 100 ms: 92 % -> 10 %;');
    expect(stdout).toContain('99 % intervals');
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

it('claims nothing from two snapshots, and says how many are needed', async () => {
  const two = async (name: string, block: RequestCounts, start: number) => record(join(folder, name), [block], start);
  const { code, stdout } = await apm(['compare', await two('one', BEFORE, START), await two('two', AFTER, START + 60)]);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "one: 2026-11-23T07:00:00Z to 2026-11-23T07:00:15Z, 1 block
    two: 2026-11-23T07:01:00Z to 2026-11-23T07:01:15Z, 1 block

    The service, weighted by the endpoint mix before   10,851 -> 10,851 requests
      p50          146 ms -> 58.3 ms      too short
      p90          191 ms -> 136 ms       below resolution
      p99          423 ms -> 423 ms       below resolution
      mean         50 ms -> 50 ms         too short
      over 500 ms  0.55 % -> 0.55 %       too short
      5xx          10 % -> 10 %           too short

    GET /a   10,000 -> 10,000 requests
      p50          147 ms -> 55.6 ms      too short
      p90          191 ms -> 100 ms       too short
      p99          400 ms -> 400 ms       below resolution
      mean         50 ms -> 50 ms         too short
      over 500 ms  0.5 % -> 0.5 %         too short
      5xx          10 % -> 10 %           too short

    POST /b   850 -> 850 requests
      p50          125 ms -> 125 ms      below resolution
      p90          193 ms -> 193 ms      below resolution
      p99          594 ms -> 594 ms      too few requests
      mean         50 ms -> 50 ms        too short
      over 500 ms  1.2 % -> 1.2 %        too short
      5xx          10 % -> 10 %          too short

    GET /few   1 -> 1 requests
      p50          50 ms -> 50 ms      too few requests
      p90          90 ms -> 90 ms      too few requests
      p99          99 ms -> 99 ms      too few requests
      mean         50 ms -> 50 ms      too few requests
      over 500 ms  0 % -> 0 %          too few requests
      5xx          0 % -> 0 %          too few requests

    Only before: GET /gone

    Only after: PUT /new

    Too short: before is 0.25 min; 4.8 are needed, and after is 0.25 min; 1.3 are needed. Periods: one
    after the other, so the difference includes everything else that changed. Verdicts hold at 95 % for
    everything together; each interval by itself.
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
  [['one', 'two', '--confidence', '95'], '--confidence: expected a number between 0.5 and 1; got "95"'],
  [['one', 'two', '--since', '1h'], '--since does not go with two files'],
  [['--rounds', '1', '--a', 'x', '--b', 'y', '--load', 'z'], '--rounds: expected a whole number, 2 to 1000; got "1"'],
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
    [BEFORE, AFTER].map((requests, i) => record(join(folder, `coarse-${i}`), varyingBlocks(requests), START, bounds)),
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
  const others = await record(join(folder, 'others'), varyingBlocks({ 'GET /z': SAME }), START);
  const bounds = await record(join(folder, 'bounds'), varyingBlocks(BEFORE), START, ['0.1', '0.2', '0.5', '2.5']);
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
      "apm compare: DIR/bounds/2026-11-23T07-00-15.000Z.prom has histogram bounds 0.1 0.2 0.5 2.5, but 0.1 0.2 0.5 1 were expected: use the same APM_BUCKETS for both, or leave out the time before the change
    ",
      "apm compare: before has no request of "/nowhere"; check --method and --path
    ",
      "apm compare: --objective: expected one of the bounds (0.1, 0.2, 0.5, 1); got 0.3
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
  expect(coloured?.sort()).toEqual(['ESC[31mworseESC[0m', 'ESC[32mbetterESC[0m']);
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
