import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { ExplicitHistogram } from '../../../../../src/base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../../../../src/base/histogram/fine-histogram.ts';
import { IncreaseTracker } from '../../../../../src/cli/compare/sources/counter-increase.ts';
import { SharedBounds } from '../../../../../src/cli/compare/sources/history.ts';
import { parseSnapshot } from '../../../../../src/cli/compare/sources/snapshots/snapshot-document.ts';
import { loadSnapshotSides } from '../../../../../src/cli/compare/sources/snapshots/snapshots.ts';
import { loadWindow } from '../../../../../src/cli/compare/sources/snapshots/window.ts';
import type { RequestCounts } from '../../../../../src/snapshot.ts';
import { compareSides } from '../../../../../src/statistics/compare.ts';
import type { Side } from '../../../../../src/statistics/model.ts';
import { totalsByEndpoint } from '../../../../../src/statistics/totals.ts';
import { root } from '../../../../support/root.ts';
import { emptyFolder } from '../../recording.ts';
import {
  buildSnapshot,
  type Latencies,
  loadSnapshotSide,
  type SnapshotOptions,
  save,
  saveSnapshot,
} from '../../snapshot-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await emptyFolder();
});

const fine = (seconds: readonly number[]): FineHistogram => {
  const histogram = new FineHistogram();
  for (const value of seconds) histogram.record(value);
  return histogram;
};
const times = (count: number, value: number) => Array<number>(count).fill(value);
/** The latencies of each endpoint in each block, as the buckets of the fine histograms. */
const latencies = ({ blocks }: Pick<Side, 'blocks'>) =>
  blocks.map(({ endpoints }) =>
    Object.fromEntries(Array.from(endpoints, ([key, { histogram }]) => [key, histogram.buckets()])),
  );
const requests = ({ blocks }: Pick<Side, 'blocks'>) =>
  blocks.map(({ endpoints }) => Object.fromEntries(Array.from(endpoints, ([key, totals]) => [key, totals.requests])));

/** A directory of these snapshots, oldest first. */
async function recording(name: string, ...snapshots: [Latencies, SnapshotOptions][]): Promise<string> {
  for (const [counted, options] of snapshots) await saveSnapshot(join(folder, name), buildSnapshot(counted, options));
  return join(folder, name);
}

it('reads what was counted between two snapshots, to the bucket of the fine histogram', async () => {
  const a = times(30, 0.02);
  const path = await recording(
    'before',
    [{ 'GET /a 200': a }, { time: 1000 }],
    [{ 'GET /a 200': [...a, 0.017, 0.017], 'GET /a 503': [2] }, { time: 1015 }],
    [{ 'GET /a 200': [...a, 0.017, 0.017, 0.3], 'GET /a 503': [2], 'POST /b 201': [0.5] }, { time: 1030 }],
  );
  const side = await loadSnapshotSide(path);
  expect([side.name, side.bounds, side.starts]).toEqual(['before', [0.1, 1], [890]]);
  expect(side.blocks.map(({ from, to }) => [from, to])).toEqual([
    [1000, 1015],
    [1015, 1030],
  ]);
  expect(latencies(side)).toEqual([
    { 'GET /a': fine([0.017, 0.017, 2]).buckets() },
    { 'GET /a': fine([0.3]).buckets(), 'POST /b': fine([0.5]).buckets() },
  ]);
  expect(side.blocks[0]?.endpoints.get('GET /a')).toEqual({
    requests: 3,
    errors: 1,
    seconds: expect.closeTo(2.034, 10),
    histogram: expect.anything(),
    buckets: new ExplicitHistogram([0.1, 1], [2, 0, 1]),
  });
});

it('counts in a single file since the first process started', async () => {
  const snapshot = buildSnapshot({ 'GET /a 200': [0.02] }, { time: 1000, since: 905, started: [902, 901] });
  const side = await loadSnapshotSide(await save(join(folder, 'now'), JSON.stringify(snapshot)));
  expect([side.starts, side.blocks.map(({ from, to }) => [from, to])]).toEqual([[901, 902], [[901, 1000]]]);
  expect(latencies(side)).toEqual([{ 'GET /a': fine([0.02]).buckets() }]);
});

it('compares two files: since the process started, and since the first file', async () => {
  const file = (name: string, counted: Latencies, time: number) =>
    save(join(folder, name), JSON.stringify(buildSnapshot(counted, { time }), null, 2));
  const before = await file('before.json', { 'GET /a 200': times(5, 0.02) }, 1000);
  const after = await file('after.json', { 'GET /a 200': [...times(5, 0.02), 0.017] }, 1060);
  const [one, other] = await loadSnapshotSides([before, after]);
  expect([...latencies(one), ...latencies(other)]).toEqual([
    { 'GET /a': fine(times(5, 0.02)).buckets() },
    { 'GET /a': fine([0.017]).buckets() },
  ]);
  await expect(loadSnapshotSides([after, before])).rejects.toThrow(
    `${before} is older than ${after}, of the same process; swap them`,
  );
});

it.each<[string, SnapshotOptions[], number[]]>([
  ['the process restarted', [{ time: 1030, id: 'two', since: 1020, started: [1019] }], [5, 2, 1]],
  ['another process answers, with counts that were passed on', [{ time: 1030, id: 'two', since: null }], [5, 0, 1]],
  ['another process answers, which counted before', [{ time: 1030, id: 'two', since: 1014 }], [5, 0, 1]],
])('counts nothing twice where %s', async (_, [changed = { time: 0 }], expected) => {
  const path = await recording(
    'week',
    [{ 'GET /a 200': times(3, 0.02) }, { time: 1000 }],
    [{ 'GET /a 200': times(8, 0.02) }, { time: 1015 }],
    [{ 'GET /a 200': times(2, 0.02) }, changed],
    [{ 'GET /a 200': times(3, 0.02) }, { ...changed, time: 1045 }],
  );
  expect(requests(await loadSnapshotSide(path)).map((block) => block['GET /a'] ?? 0)).toEqual(expected);
});

it('tells the processes apart that answer by turns behind one address', async () => {
  const one = { id: 'one', since: 900, started: [890] };
  const two = { id: 'two', since: 910, started: [905] };
  const path = await recording(
    'week',
    [{ 'GET /a 200': times(50, 0.02) }, { ...one, time: 1000 }],
    [{ 'GET /a 200': times(3, 0.02) }, { ...two, time: 1015 }],
    [{ 'GET /a 200': times(57, 0.02) }, { ...one, time: 1030 }],
    [{ 'GET /a 200': times(7, 0.02) }, { ...two, time: 1045 }],
  );
  const side = await loadSnapshotSide(path);
  expect(requests(side)).toEqual([{}, { 'GET /a': 7 }, { 'GET /a': 4 }]);
  expect(side.starts).toEqual([890, 905]);
});

it('tells when processes started by the clock of the recording', async () => {
  const file = (time: string, options: SnapshotOptions) =>
    save(
      join(folder, 'week', `${time}.json`),
      JSON.stringify(buildSnapshot({ 'GET /a 200': times(options.started?.length ?? 0, 1) }, options)),
    );
  // The clock of the service is 1,000 s late, and 3 ms pass before a file is named.
  const recorded = Date.parse('2026-11-16T00:00:00.003Z') / 1000;
  await file('2026-11-16T00-00-00.003Z', { time: recorded - 1000.003, started: [recorded - 1100.003] });
  await file('2026-11-16T00-00-15.007Z', {
    time: recorded - 985.003,
    started: [recorded - 1100.003, recorded - 990.003],
  });
  const { starts = [] } = await loadSnapshotSide(join(folder, 'week'));
  expect(starts.map((start) => Math.round((start - recorded) * 1000) / 1000)).toEqual([-100, 10.004]);
});

it('finds exactly what simulated processes counted, over restarts', () => {
  const block = fc.array(fc.constantFrom(0.004, 0.02, 0.3, 7), { maxLength: 6 });
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(block, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      async (runs) => {
        const truth: number[] = [];
        let time = 1000;
        const snapshots: ReturnType<typeof parseSnapshot>[] = [];
        for (const [run, blocks] of runs.entries()) {
          const counted: number[] = [];
          const since = time + 1;
          for (const added of blocks) {
            time += 15;
            counted.push(...added);
            if (snapshots.length > 0) truth.push(...added);
            const document = buildSnapshot(
              { 'GET /a 200': counted },
              { time, id: `run ${run}`, since, started: [since] },
            );
            snapshots.push(parseSnapshot(JSON.stringify(document), 'simulated'));
          }
        }
        fc.pre(snapshots.length > 1);
        const bounds = new SharedBounds();
        const list = snapshots.map((scrape) => ({ time: scrape.time, read: async () => scrape }));
        const side = (await loadWindow('simulated', list, bounds, new IncreaseTracker())).buildSide(bounds);
        const total = totalsByEndpoint(side).get('GET /a');
        expect([total?.requests ?? 0, total?.histogram.buckets() ?? []]).toEqual([truth.length, fine(truth).buckets()]);
        expect(side.starts?.length).toBe(runs.length);
      },
    ),
    { numRuns: 200 },
  );
});

const TEXT = (count: number) =>
  `http_requests_total{path="/a",method="GET",status_code="200"} ${count}
http_duration_bucket{path="/a",method="GET",le="0.1"} ${count}
http_duration_bucket{path="/a",method="GET",le="1"} ${count}
http_duration_bucket{path="/a",method="GET",le="+Inf"} ${count}
http_duration_sum{path="/a",method="GET"} ${count / 50}
`;

it('compares snapshots with the text of scrapes at the resolution of the buckets', async () => {
  const json = await recording(
    'json',
    [{ 'GET /a 200': [] }, { time: 1000 }],
    [{ 'GET /a 200': times(8, 0.02) }, { time: 1015 }],
  );
  for (const [i, count] of [0, 9].entries())
    await save(join(folder, `text/2026-11-16T00-00-${15 * i + 10}Z.prom`), TEXT(count));
  const text = join(folder, 'text');
  for (const paths of [
    [json, text],
    [text, json],
  ]) {
    const sides = await loadSnapshotSides(paths);
    const { endpoints } = compareSides('periods', ...sides, { objective: 0.5, confidence: 0.95 });
    const expected = paths.map((path) => new ExplicitHistogram([0.1, 1], [path === json ? 8 : 9, 0, 0]));
    expect(endpoints[0]?.histograms).toEqual(expected);
  }
  const other = await recording(
    'other',
    [{}, { time: 2000, bounds: [0.1, 0.5] }],
    [{ 'GET /a 200': times(8, 0.02) }, { time: 2015, bounds: [0.1, 0.5] }],
  );
  await expect(loadSnapshotSides([text, other])).rejects.toThrow(
    /^.*\.json has histogram bounds 0\.1 0\.5, but 0\.1 1 were/,
  );
  // Two recordings with fine histograms need no buckets.
  const sides = await loadSnapshotSides([json, other]);
  expect(sides.map(({ bounds }) => bounds)).toEqual([
    [0.1, 1],
    [0.1, 0.5],
  ]);
  expect(sides.map(({ blocks }) => blocks[0]?.endpoints.get('GET /a')?.histogram.buckets())).toEqual([
    fine(times(8, 0.02)).buckets(),
    fine(times(8, 0.02)).buckets(),
  ]);
});

it.each<[string, string | undefined, string | undefined, string[]]>([
  [
    'warns where two recordings are of different services',
    'shop',
    'billing',
    [
      'before is of the service "shop" and after of "billing"; unless it was renamed, give two recordings of one service',
    ],
  ],
  ['accepts two recordings of one service', 'shop', 'shop', []],
  ['does not compare a name with none', 'shop', undefined, []],
  ['does not compare a name with the one that OpenTelemetry makes up', 'unknown_service:node', 'billing', []],
])('%s, in snapshots and in text', async (_, was = 'unknown_service', is = 'unknown_service', expected) => {
  const [json, text]: [string[], string[]] = [[], []];
  for (const [name, service, start] of [
    ['before', was, 1000],
    ['after', is, 2000],
  ] as const) {
    json.push(
      await recording(
        `json/${name}`,
        [{ 'GET /a 200': [] }, { time: start, id: name, service }],
        [{ 'GET /a 200': [0.02] }, { time: start + 15, id: name, service }],
      ),
    );
    for (const [i, count] of [0, 9].entries()) {
      const info = `target_info{service_name="${service}",service_instance_id="${name}"} 1\n`;
      const time = new Date((start + 15 * i) * 1000).toISOString().replaceAll(':', '-');
      await save(join(folder, `text/${name}/${time}.prom`), info + TEXT(count));
    }
    text.push(join(folder, 'text', name));
  }
  for (const paths of [json, text, [json[0], text[1]] as string[]]) {
    const lines: string[] = [];
    await loadSnapshotSides(paths, '', (line) => lines.push(line));
    expect(lines).toEqual(expected);
  }
});

it('reports in one line why files cannot be read', async () => {
  const good = buildSnapshot({ 'GET /a 200': [0.02] }, { time: 1000 });
  const errorOf = async (files: Record<string, unknown>, path = Object.keys(files)[0] as string) => {
    for (const [name, content] of Object.entries(files)) {
      await save(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    const error = await loadSnapshotSide(join(folder, path)).catch((cause) => cause);
    return `${error.name}: ${error.message.replaceAll(folder, '')}`;
  };
  const [row] = good.requests;
  const names = ['2026-11-16T00-00-00Z', '2026-11-16T00-00-15Z'] as const;
  expect([
    await errorOf({ 'a.json': JSON.stringify(good).slice(0, -20) }),
    await errorOf({ 'b.json': { name: 'shop' } }),
    await errorOf({ 'c.json': { ...good, format: 2 } }),
    await errorOf({ 'd.json': { ...good, bounds: [1, 0.1] } }),
    await errorOf({ 'e.json': { ...good, requests: [row, { ...row, counts: [1] }] } }),
    await errorOf({ 'f.json': { ...good, requests: [{ ...row, fine: [5, 0, 1] }] } }),
    await errorOf({ 'g.json': { ...good, requests: [{ ...row, requests: -1 }] } }),
    await errorOf({ 'h.json': { ...good, service: null } }),
    await errorOf({ [`mixed/${names[0]}.json`]: good, [`mixed/${names[1]}.prom`]: TEXT(3) }, 'mixed'),
    await errorOf({ [`${names[0]}/one`]: good, [`${names[0]}/other`]: TEXT(3) }, names[0]),
  ]).toEqual([
    'InputError: /a.json is not a snapshot: its JSON is not complete; save it again: apm snapshot',
    'InputError: /b.json is JSON, but not of @org/apm; give what apm snapshot saved',
    'InputError: /c.json is a snapshot of @org/apm 1.0.0, whose format 2 is not known here; run npx @org/apm@1.0.0',
    'InputError: /d.json is not a snapshot: it has no bounds; save it again: apm snapshot',
    'InputError: /e.json is not a snapshot: requests[1]: its counts are not those of the bounds; save it again: apm snapshot',
    'InputError: /f.json is not a snapshot: requests[0]: a histogram is no list of pairs; save it again: apm snapshot',
    'InputError: /g.json is not a snapshot: requests[0]: its status or its requests are no count; save it again: apm snapshot',
    'InputError: /h.json is not a snapshot: it has no service; save it again: apm snapshot',
    'InputError: of /mixed/2026-11-16T00-00-15Z.prom and /mixed/2026-11-16T00-00-00Z.json, one is a snapshot in JSON and one the text of a scrape; give only one kind',
    'InputError: of /2026-11-16T00-00-00Z/other and /2026-11-16T00-00-00Z/one, one is a snapshot in JSON and one the text of a scrape; give only one kind',
  ]);
});

it.each<[string, (row: RequestCounts) => unknown, string]>([
  ['is null', () => null, 'it is no object'],
  ['is a list', () => [], 'it is no object'],
  ['has a path that is null', (row) => ({ ...row, path: null }), 'it has no path or no method'],
  ['has no status', (row) => ({ ...row, status: null }), 'its status or its requests are no count'],
  ['has seconds that are null', (row) => ({ ...row, seconds: null }), 'its seconds are negative or no number'],
  ['has seconds as text', (row) => ({ ...row, seconds: '1' }), 'its seconds are negative or no number'],
  ['has labels that are null', (row) => ({ ...row, labels: null }), 'its labels are no object'],
  ['has counts as texts', (row) => ({ ...row, counts: ['1', '0', '0'] }), 'its counts are not those of the bounds'],
  [
    'has a count too many',
    (row) => ({ ...row, counts: [2, 0, 0] }),
    'its counts have 2 values, and its fine histogram has 1',
  ],
  [
    'has an empty fine histogram',
    (row) => ({ ...row, fine: [5, 0] }),
    'its counts have 1 values, and its fine histogram has 0',
  ],
  ['has no fine histogram', ({ fine: _, ...row }) => row, 'a histogram is no list of pairs'],
])('says which file and which entry was edited where it %s', async (_, edit, problem) => {
  const good = buildSnapshot({ 'GET /a 200': [0.02], 'GET /b 200': [0.02] }, { time: 1000 });
  const [first, second] = good.requests;
  const path = await save(
    join(folder, 'edited.json'),
    JSON.stringify({ ...good, requests: [first, edit(second as RequestCounts)] }),
  );
  const error = await loadSnapshotSide(path).catch((cause) => cause);
  expect(`${error.name}: ${error.message}`).toBe(
    `InputError: ${path} is not a snapshot: requests[1]: ${problem}; save it again: apm snapshot`,
  );
});

it('decodes the example of docs/snapshot.md as it is explained there', async () => {
  const text = await readFile(join(root, 'docs/snapshot.md'), 'utf8');
  const [, list = ''] = /^`(\[5, 0, .*\])` are three values/m.exec(text) ?? [];
  const buckets = FineHistogram.decode(JSON.parse(list)).buckets();
  expect(buckets.map(({ low, high, count }) => [low * 1000, high * 1000, count])).toEqual([
    [expect.closeTo(19.4, 1), expect.closeTo(19.8, 1), 3],
    [expect.closeTo(20.3, 1), expect.closeTo(20.7, 1), 1],
  ]);
});

it('takes the snapshots of a directory, and leaves other JSON files', async () => {
  const path = await recording('week', [{}, { time: 1000 }], [{ 'GET /a 200': [0.02] }, { time: 1015 }]);
  await save(join(path, 'package.json'), '{}');
  expect(requests(await loadSnapshotSide(path))).toEqual([{ 'GET /a': 1 }]);
});
