import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Block } from '../../../../../src/cli/compare/model.ts';
import { nameOf, timeOf } from '../../../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import { sidesOfSnapshots } from '../../../../../src/cli/compare/sources/snapshots/snapshots.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apm-snapshots-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** A scrape of a process that has counted so many requests, all of them under 0.1 s. */
function scrape(counted: Record<string, number>, { id = 'one', bounds = ['0.1', '1'] } = {}): string {
  const lines = [`target_info{service_instance_id="${id}"} 1`];
  for (const [path, count] of Object.entries(counted)) {
    const own = `path="${path}",method="GET"`;
    lines.push(`http_requests_total{${own},status_code="200"} ${count}`);
    for (const le of [...bounds, '+Inf']) lines.push(`http_duration_bucket{${own},le="${le}"} ${count}`);
    lines.push(`http_duration_sum{${own}} ${count / 16}`, `http_duration_count{${own}} ${count}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Writes a file, last written at so many seconds. */
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

it('a file name has its time, and names sort as times do', () => {
  const time = new Date('2026-11-23T07:05:09.120Z');
  expect(nameOf(time)).toBe('2026-11-23T07-05-09.120Z.prom');
  expect(timeOf(nameOf(time))).toBe(time.getTime() / 1000);
  expect(timeOf('before-2026-11-23T07-05-09Z.txt')).toBe(Date.parse('2026-11-23T07:05:09Z') / 1000);
  expect(timeOf('before.prom')).toBeUndefined();
});

it('of two files, before is what was counted since the process began, and after what came since then', async () => {
  const before = await write('before.prom', scrape({ '/a': 100 }), 1000);
  const after = await write('after.prom', scrape({ '/a': 130, '/b': 7 }), 1060);
  const [one, other] = await sidesOfSnapshots([before, after]);
  expect([one.name, one.bounds, other.name, other.bounds]).toEqual(['before.prom', [0.1, 1], 'after.prom', [0.1, 1]]);
  const a = { requests: 100, errors: 0, seconds: 6.25, counts: [100, 0, 0] };
  expect(one.blocks).toEqual([{ from: 999.999, to: 1000, endpoints: new Map([['GET /a', a]]) }]);
  expect(other.blocks).toEqual([
    {
      from: 1000,
      to: 1060,
      endpoints: new Map([
        ['GET /a', { requests: 30, errors: 0, seconds: 1.875, counts: [30, 0, 0] }],
        ['GET /b', { requests: 7, errors: 0, seconds: 0.4375, counts: [7, 0, 0] }],
      ]),
    },
  ]);
});

it.each([
  ['it calls itself otherwise, though every counter has overtaken what it had', { '/a': 130, '/b': 9 }, 'two'],
  ['one counter has fallen, though another has overtaken what it had', { '/a': 130, '/b': 2 }, 'one'],
  ['one is gone, though another has overtaken what it had', { '/a': 130 }, 'one'],
])('of two files, after is all of it where the process was started anew: %s', async (_why, counted, id) => {
  const before = await write('before.prom', scrape({ '/a': 100, '/b': 5 }), 1000);
  const after = await write('after.prom', scrape(counted, { id }), 1060);
  const [, { blocks }] = await sidesOfSnapshots([before, after]);
  expect(requests(blocks)).toEqual([Object.fromEntries(Object.entries(counted).map(([k, v]) => [`GET ${k}`, v]))]);
});

it('four files are two windows', async () => {
  const paths = [];
  for (const [i, count] of [10, 15, 40, 47].entries())
    paths.push(await write(`${i}.prom`, scrape({ '/a': count }), 1000 + i));
  const [before, after] = await sidesOfSnapshots(paths);
  expect([before.name, requests(before.blocks)]).toEqual(['0.prom..1.prom', [{ 'GET /a': 5 }]]);
  expect([after.name, requests(after.blocks)]).toEqual(['2.prom..3.prom', [{ 'GET /a': 7 }]]);
});

it('a directory has a block between every two of its snapshots, over a restart too', async () => {
  // Written in another order: the time is in the name.
  await write('before/2026-11-23T07-00-30.000Z.prom', scrape({ '/a': 130, '/b': 3 }));
  await write('before/2026-11-23T07-00-00.000Z.prom', scrape({ '/a': 100 }));
  await write('before/2026-11-23T07-00-15.000Z.prom', scrape({ '/a': 110 }));
  await write('before/2026-11-23T07-00-45.000Z.prom', scrape({ '/a': 131, '/b': 2 }, { id: 'two' }));
  await write('before/.2026-11-23T07-01-00.000Z.prom', 'half written');
  await write('before/notes.md', 'with the old query');
  // As copied: all of one time, in the order of their names.
  for (const [i, count] of [5, 6, 8].entries()) await write(`after/${i}.txt`, scrape({ '/a': count }));
  const [before, after] = await sidesOfSnapshots([`${join(folder, 'before')}/`, join(folder, 'after')]);
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

it('a file after a directory goes on where the directory ends', async () => {
  await write('before/0.prom', scrape({ '/a': 5 }), 1000);
  await write('before/1.prom', scrape({ '/a': 9 }), 1015);
  const after = await write('after.prom', scrape({ '/a': 12 }), 1030);
  const sides = await sidesOfSnapshots([join(folder, 'before'), after]);
  expect(sides.map(({ blocks }) => requests(blocks))).toEqual([[{ 'GET /a': 4 }], [{ 'GET /a': 3 }]]);
});

it('a process that had no request yet when it was first looked at', async () => {
  await write('before/0.prom', '# HELP target_info Target metadata\n', 1000);
  await write('before/1.prom', scrape({ '/a': 9 }), 1015);
  const after = await write('after.prom', scrape({ '/a': 12 }), 1030);
  const [before] = await sidesOfSnapshots([join(folder, 'before'), after]);
  expect(requests(before.blocks)).toEqual([{ 'GET /a': 9 }]);
});

/** What is wrong with what is in these files, by name and text. */
async function refused(files: Record<string, string | [text: string, time: number]>, ...given: string[]) {
  for (const [name, one] of Object.entries(files)) await write(name, ...([one].flat() as [string]));
  const error = await sidesOfSnapshots(given.map((name) => join(folder, name))).then(
    () => expect.unreachable('was taken'),
    (thrown: Error) => thrown,
  );
  return [error.name, error.message.replaceAll(folder, '')];
}

it('says in one line what is wrong with what it was given', async () => {
  const good = scrape({ '/a': 5 });
  expect(await refused({ 'b.prom': good }, 'gone.prom', 'b.prom')).toEqual([
    'BadInput',
    'there is no /gone.prom; record it: apm snapshot URL --out /gone.prom',
  ]);
  expect(await refused({ 'a.prom': '<html>', 'b.prom': good }, 'a.prom', 'b.prom')).toEqual([
    'BadInput',
    '/a.prom is not a scrape: it is HTML; give what /metrics answers, as apm snapshot saves it',
  ]);
  expect(await refused({ 'a.prom': 'up 1\n', 'b.prom': good }, 'a.prom', 'b.prom')).toEqual([
    'BadInput',
    'a.prom has no request: neither http_requests_total nor http_duration counted one; record it under load, from a service with the preload',
  ]);
  expect(await refused({ 'one/a.prom': good, 'b.prom': good }, 'one', 'b.prom')).toEqual([
    'BadInput',
    'one has one snapshot, and two bound a window; record more: apm snapshot URL --every 15s --for 5m --out DIR',
  ]);
  await mkdir(join(folder, 'none'));
  expect(await refused({}, 'none', 'b.prom')).toEqual([
    'BadInput',
    '/none has no snapshots; record some: apm snapshot URL --out /none',
  ]);
  expect(await refused({}, 'b.prom')).toEqual([
    'BadInput',
    'two files, two directories, or four files are expected: apm compare before/ after/',
  ]);
  const other = scrape({ '/a': 9 }, { bounds: ['0.1', '0.5', '1'] });
  expect(await refused({ 'a.prom': good, 'b.prom': other }, 'a.prom', 'b.prom')).toEqual([
    'DifferentBounds',
    '/b.prom has other histogram bounds (0.1 0.5 1) than what it is put with (0.1 1): take both with the same APM_BUCKETS, or leave out the time before they were changed',
  ]);
  const swapped: Record<string, [string, number]> = { 'a.prom': [scrape({ '/a': 9 }), 2000], 'b.prom': [good, 1000] };
  expect(await refused(swapped, 'a.prom', 'b.prom')).toEqual([
    'BadInput',
    '/b.prom was taken before /a.prom, of the same process; give them the other way round',
  ]);
});

it('refuses a file that is cut off, which would look like a restart', async () => {
  const whole = scrape({ '/a': 1234, '/b': 5 });
  const files = { 'a.prom': whole, 'b.prom': whole.slice(0, -1) };
  expect(await refused(files, 'a.prom', 'b.prom')).toEqual([
    'BadInput',
    '/b.prom is cut off: its last line has no end; save it again, or leave it out',
  ]);
});

it('refuses counts that no process of ours has: buckets that fall, or a counter below 0', async () => {
  const good = scrape({ '/a': 1000 });
  const says = (what: string) => [
    'BadInput',
    `/b.prom has a ${what} ("GET /a"), which none of ours does; leave out what wrote it, or give --path`,
  ];
  for (const [text, what] of [
    [good.replace('le="0.1"} 1000', 'le="0.1"} 2000'), 'histogram whose buckets fall'],
    [good.replace('le="0.1"} 1000', 'le="0.1"} -1'), 'histogram whose buckets fall'],
    [good.replace('status_code="200"} 1000', 'status_code="200"} -1'), 'counter below 0'],
  ] as const) {
    expect(await refused({ 'a.prom': good, 'b.prom': text }, 'a.prom', 'b.prom')).toEqual(says(what));
  }
});

it('refuses four files of which two are the wrong way round', async () => {
  const files: Record<string, [string, number]> = {
    '1.prom': [scrape({ '/a': 1 }), 1000],
    '2.prom': [scrape({ '/a': 2 }), 1015],
    '3.prom': [scrape({ '/a': 3 }), 1030],
    '4.prom': [scrape({ '/a': 4 }), 1045],
  };
  expect(await refused(files, '1.prom', '2.prom', '4.prom', '3.prom')).toEqual([
    'BadInput',
    '/3.prom was taken before /4.prom, of the same process; give them the other way round',
  ]);
});

it('takes the files that links in a directory lead to, and no others', async () => {
  await mkdir(join(folder, 'linked'));
  for (const [i, count] of [3, 5].entries()) {
    await write(`real/${i}.prom`, scrape({ '/a': count }), 1000 + i * 15);
    await symlink(join('..', 'real', `${i}.prom`), join(folder, 'linked', `${i}.prom`));
  }
  await symlink('nowhere', join(folder, 'linked', 'broken.prom'));
  await symlink('.', join(folder, 'linked', 'around.prom'));
  const after = await write('after.prom', scrape({ '/a': 12 }), 1030);
  const [before] = await sidesOfSnapshots([join(folder, 'linked'), after]);
  expect(requests(before.blocks)).toEqual([{ 'GET /a': 2 }]);
});
