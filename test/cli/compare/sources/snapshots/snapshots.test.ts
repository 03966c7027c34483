import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { ExplicitHistogram } from '../../../../../src/base/histogram/explicit-histogram.ts';
import { snapshotName, snapshotTime } from '../../../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import { loadSnapshotSides } from '../../../../../src/cli/compare/sources/snapshots/snapshots.ts';
import type { Block } from '../../../../../src/statistics/model.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apm-snapshots-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** A scrape of a process with these requests by path, each faster than 0.1 s. */
function scrape(requests: Record<string, number>, { id = 'one', bounds = ['0.1', '1'] } = {}): string {
  const lines = [`target_info{service_instance_id="${id}"} 1`];
  for (const [path, count] of Object.entries(requests)) {
    const labels = `path="${path}",method="GET"`;
    lines.push(`http_requests_total{${labels},status_code="200"} ${count}`);
    for (const le of [...bounds, '+Inf']) lines.push(`http_duration_bucket{${labels},le="${le}"} ${count}`);
    lines.push(`http_duration_sum{${labels}} ${count / 16}`, `http_duration_count{${labels}} ${count}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Writes a file. @param time  when it was last changed, in seconds since 1970 */
async function write(name: string, text: string, time = 1000): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  await utimes(path, time, time);
  return path;
}

/** The requests of each block by path. */
const requests = (blocks: readonly Block[]) =>
  blocks.map(({ endpoints }) => Object.fromEntries([...endpoints].map(([key, { requests }]) => [key, requests])));

it('writes the time into a file name, and reads it', () => {
  const time = new Date('2026-11-23T07:05:09.120Z');
  expect(snapshotName(time, 'text')).toBe('2026-11-23T07-05-09.120Z.prom');
  expect(snapshotTime(snapshotName(time, 'text'))).toBe(time.getTime() / 1000);
  expect(snapshotTime('before-2026-11-23T07-05-09Z.txt')).toBe(Date.parse('2026-11-23T07:05:09Z') / 1000);
  expect(snapshotTime('before.prom')).toBeUndefined();
});

it('compares two files: since the process started, and since the first file', async () => {
  const before = await write('before.prom', scrape({ '/a': 100 }), 1000);
  const after = await write('after.prom', scrape({ '/a': 130, '/b': 7 }), 1060);
  const [one, other] = await loadSnapshotSides([before, after]);
  expect([one.name, one.bounds, other.name, other.bounds]).toEqual(['before.prom', [0.1, 1], 'after.prom', [0.1, 1]]);
  const totals = (requests: number) => {
    const histogram = new ExplicitHistogram([0.1, 1], [requests, 0, 0]);
    return { requests, errors: 0, seconds: requests / 16, histogram, buckets: histogram };
  };
  const a = totals(100);
  expect(one.blocks).toEqual([{ from: 999.999, to: 1000, endpoints: new Map([['GET /a', a]]) }]);
  expect(other.blocks).toEqual([
    {
      from: 1000,
      to: 1060,
      endpoints: new Map([
        ['GET /a', totals(30)],
        ['GET /b', totals(7)],
      ]),
    },
  ]);
});

it.each([
  ['its id differs, though every counter is higher', { '/a': 130, '/b': 9 }, 'two'],
  ['one counter is lower, though another is higher', { '/a': 130, '/b': 2 }, 'one'],
  ['one counter is gone, though another is higher', { '/a': 130 }, 'one'],
])('counts everything in the second file after a restart: %s', async (_why, counted, id) => {
  const before = await write('before.prom', scrape({ '/a': 100, '/b': 5 }), 1000);
  const after = await write('after.prom', scrape(counted, { id }), 1060);
  const [, { blocks }] = await loadSnapshotSides([before, after]);
  expect(requests(blocks)).toEqual([Object.fromEntries(Object.entries(counted).map(([k, v]) => [`GET ${k}`, v]))]);
});

it('reads four files as two windows', async () => {
  const paths = [];
  for (const [i, count] of [10, 15, 40, 47].entries())
    paths.push(await write(`${i}.prom`, scrape({ '/a': count }), 1000 + i));
  const [before, after] = await loadSnapshotSides(paths);
  expect([before.name, requests(before.blocks)]).toEqual(['0.prom..1.prom', [{ 'GET /a': 5 }]]);
  expect([after.name, requests(after.blocks)]).toEqual(['2.prom..3.prom', [{ 'GET /a': 7 }]]);
});

it('reads a block between every two snapshots of a directory, also over a restart', async () => {
  // Not written in order: the time is in the name.
  await write('before/2026-11-23T07-00-30.000Z.prom', scrape({ '/a': 130, '/b': 3 }));
  await write('before/2026-11-23T07-00-00.000Z.prom', scrape({ '/a': 100 }));
  await write('before/2026-11-23T07-00-15.000Z.prom', scrape({ '/a': 110 }));
  await write('before/2026-11-23T07-00-45.000Z.prom', scrape({ '/a': 131, '/b': 2 }, { id: 'two' }));
  await write('before/.2026-11-23T07-01-00.000Z.prom', 'half written');
  await write('before/notes.md', 'with the old query');
  // Copied files of the same time: the order of their names decides.
  for (const [i, count] of [5, 6, 8].entries()) await write(`after/${i}.txt`, scrape({ '/a': count }));
  const [before, after] = await loadSnapshotSides([`${join(folder, 'before')}/`, join(folder, 'after')]);
  const start = Date.parse('2026-11-23T07:00:00Z') / 1000;
  expect(before.blocks.map(({ from, to }) => [from - start, to - start])).toEqual([
    [0, 15],
    [15, 30],
    [30, 45],
  ]);
  expect(before.name).toBe('before');
  expect(requests(before.blocks)).toEqual([
    { 'GET /a': 10 },
    { 'GET /a': 20, 'GET /b': 3 },
    { 'GET /a': 131, 'GET /b': 2 },
  ]);
  expect(requests(after.blocks)).toEqual([{ 'GET /a': 1 }, { 'GET /a': 2 }]);
});

it('compares a directory with a file that was recorded after it', async () => {
  await write('before/0.prom', scrape({ '/a': 5 }), 1000);
  await write('before/1.prom', scrape({ '/a': 9 }), 1015);
  const after = await write('after.prom', scrape({ '/a': 12 }), 1030);
  const sides = await loadSnapshotSides([join(folder, 'before'), after]);
  expect(sides.map(({ blocks }) => requests(blocks))).toEqual([[{ 'GET /a': 4 }], [{ 'GET /a': 3 }]]);
});

it('counts from 0 for a process without requests in the first snapshot', async () => {
  await write('before/0.prom', '# HELP target_info Target metadata\n', 1000);
  await write('before/1.prom', scrape({ '/a': 9 }), 1015);
  const after = await write('after.prom', scrape({ '/a': 12 }), 1030);
  const [before] = await loadSnapshotSides([join(folder, 'before'), after]);
  expect(requests(before.blocks)).toEqual([{ 'GET /a': 9 }]);
});

/** The name and the message of the error for these files. @param files  texts by file name */
async function errorOf(files: Record<string, string | [text: string, time: number]>, ...names: string[]) {
  for (const [name, one] of Object.entries(files)) await write(name, ...([one].flat() as [string]));
  const error = await loadSnapshotSides(names.map((name) => join(folder, name))).then(
    () => expect.unreachable('no error'),
    (thrown: Error) => thrown,
  );
  return [error.name, error.message.replaceAll(folder, '')];
}

it('reports bad input in one line', async () => {
  const good = scrape({ '/a': 5 });
  expect(await errorOf({ 'b.prom': good }, 'gone.prom', 'b.prom')).toEqual([
    'InputError',
    '/gone.prom does not exist; record it: apm snapshot URL --out /gone.prom',
  ]);
  expect(await errorOf({ 'a.prom': '<html>', 'b.prom': good }, 'a.prom', 'b.prom')).toEqual([
    'InputError',
    '/a.prom is not a scrape: it is HTML; expected the text of /metrics, as apm snapshot saves it',
  ]);
  expect(await errorOf({ 'a.prom': 'up 1\n', 'b.prom': good }, 'a.prom', 'b.prom')).toEqual([
    'InputError',
    'a.prom has no request, neither in http_requests_total nor in http_duration; record a service with the preload, under load; if it has APM_METRIC_PREFIX, give that as --prefix',
  ]);
  expect(await errorOf({ 'one/a.prom': good, 'b.prom': good }, 'one', 'b.prom')).toEqual([
    'InputError',
    'one has one snapshot; at least 2 needed; record more: apm snapshot URL --every 15s --for 5m --out DIR',
  ]);
  await mkdir(join(folder, 'none'));
  expect(await errorOf({}, 'none', 'b.prom')).toEqual([
    'InputError',
    '/none contains no snapshots; record some: apm snapshot URL --out /none',
  ]);
  expect(await errorOf({}, 'b.prom')).toEqual([
    'InputError',
    'expected two files, two directories, or four files: apm compare before/ after/',
  ]);
  const other = scrape({ '/a': 9 }, { bounds: ['0.1', '0.5', '1'] });
  expect(await errorOf({ 'a.prom': good, 'b.prom': other }, 'a.prom', 'b.prom')).toEqual([
    'BoundsMismatch',
    '/b.prom has histogram bounds 0.1 0.5 1, but 0.1 1 were expected: use the same APM_BUCKETS for both, or leave out the time before the change',
  ]);
  const swapped: Record<string, [string, number]> = { 'a.prom': [scrape({ '/a': 9 }), 2000], 'b.prom': [good, 1000] };
  expect(await errorOf(swapped, 'a.prom', 'b.prom')).toEqual([
    'InputError',
    '/b.prom is older than /a.prom, of the same process; swap them',
  ]);
});

it('refuses a truncated file, which would look like a restart', async () => {
  const whole = scrape({ '/a': 1234, '/b': 5 });
  const files = { 'a.prom': whole, 'b.prom': whole.slice(0, -1) };
  expect(await errorOf(files, 'a.prom', 'b.prom')).toEqual([
    'InputError',
    '/b.prom is truncated: its last line has no line break; save it again, or remove it',
  ]);
});

it('refuses decreasing buckets and negative counters', async () => {
  const good = scrape({ '/a': 1000 });
  const errorFor = (what: string) => [
    'InputError',
    `/b.prom has a ${what} ("GET /a"), which @org/apm never writes; remove it, or select others with --path`,
  ];
  for (const [text, what] of [
    [good.replace('le="0.1"} 1000', 'le="0.1"} 2000'), 'histogram with decreasing buckets'],
    [good.replace('le="0.1"} 1000', 'le="0.1"} -1'), 'histogram with decreasing buckets'],
    [good.replace('status_code="200"} 1000', 'status_code="200"} -1'), 'counter below 0'],
  ] as const) {
    expect(await errorOf({ 'a.prom': good, 'b.prom': text }, 'a.prom', 'b.prom')).toEqual(errorFor(what));
  }
});

it('refuses four files in the wrong order', async () => {
  const files: Record<string, [string, number]> = {
    '1.prom': [scrape({ '/a': 1 }), 1000],
    '2.prom': [scrape({ '/a': 2 }), 1015],
    '3.prom': [scrape({ '/a': 3 }), 1030],
    '4.prom': [scrape({ '/a': 4 }), 1045],
  };
  expect(await errorOf(files, '1.prom', '2.prom', '4.prom', '3.prom')).toEqual([
    'InputError',
    '/3.prom is older than /4.prom, of the same process; swap them',
  ]);
});

it('follows links to files in a directory, and ignores other links', async () => {
  await mkdir(join(folder, 'linked'));
  for (const [i, count] of [3, 5].entries()) {
    await write(`real/${i}.prom`, scrape({ '/a': count }), 1000 + i * 15);
    await symlink(join('..', 'real', `${i}.prom`), join(folder, 'linked', `${i}.prom`));
  }
  await symlink('nowhere', join(folder, 'linked', 'broken.prom'));
  await symlink('.', join(folder, 'linked', 'around.prom'));
  const after = await write('after.prom', scrape({ '/a': 12 }), 1030);
  const [before] = await loadSnapshotSides([join(folder, 'linked'), after]);
  expect(requests(before.blocks)).toEqual([{ 'GET /a': 2 }]);
});
