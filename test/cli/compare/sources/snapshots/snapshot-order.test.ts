import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { snapshotName } from '../../../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import { loadSnapshotSides } from '../../../../../src/cli/compare/sources/snapshots/snapshots.ts';
import { buildSnapshot, loadSnapshotSide, save } from '../../snapshot-files.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apm-snapshot-order-'));
  onTestFinished(() => rm(folder, { recursive: true }));
});

interface Saved {
  /** The time in the name, in seconds. */
  readonly named: number;
  readonly requests: number;
  readonly id?: string;
  /** From when on its counts could be read. */
  readonly since?: number;
}

const textOf = ({ named, requests, id = 'one', since = 900 }: Saved) =>
  JSON.stringify(buildSnapshot({ 'GET /a 200': Array(requests).fill(0.05) }, { time: named, id, since }));

/** The requests that a directory of these snapshots has, or why it has none. */
async function load(saved: readonly Saved[]): Promise<number | string> {
  for (const each of saved) await save(join(folder, snapshotName(new Date(each.named * 1000), 'json')), textOf(each));
  try {
    const { blocks } = await loadSnapshotSide(folder);
    return blocks.reduce((sum, { endpoints }) => sum + (endpoints.get('GET /a')?.requests ?? 0), 0);
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
}

const refusal = (lower: number, before: number) => {
  const [name, last] = [lower, before].map((time) => snapshotName(new Date(time * 1000), 'json'));
  return `${name} has counted less than a snapshot before it, though its counts only increase: it was saved before ${last}, and the clock was perhaps set back; swap them, or rename the files in the order in which they were saved`;
};

it.each<[clock: string, saved: Saved[], expected: number | string]>([
  ['is right', [1000, 1015, 1030].map((named, i) => ({ named, requests: 10 + i })), 2],
  [
    'was set back after the first snapshot',
    [
      { named: 1000, requests: 10 },
      { named: 900, requests: 20 },
      { named: 915, requests: 30 },
    ],
    refusal(1000, 915),
  ],
  [
    'was set back in the middle, so that the names of both parts alternate',
    [
      { named: 1000, requests: 10 },
      { named: 1010, requests: 20 },
      { named: 1020, requests: 30 },
      { named: 1005, requests: 40 },
      { named: 1015, requests: 50 },
      { named: 1025, requests: 60 },
    ],
    refusal(1010, 1005),
  ],
  [
    'was set back while another process of the service took over',
    [
      { named: 1000, requests: 10 },
      { named: 1020, requests: 20 },
      { named: 1010, requests: 5, id: 'two' },
      { named: 1030, requests: 15, id: 'two' },
      { named: 1040, requests: 15 },
    ],
    refusal(1040, 1030),
  ],
  [
    'is right, and the service was restarted',
    [
      { named: 1000, requests: 10 },
      { named: 1015, requests: 20 },
      { named: 1030, requests: 7, id: 'two', since: 1020 },
    ],
    17,
  ],
])('counts no request of a recording twice when the clock %s', async (_, saved, expected) => {
  expect(await load(saved)).toBe(expected);
});

it('counts no request twice of copied files, whose times are those of the copy', async () => {
  const [first, second] = [20, 10].map((requests, i) => ({ named: 1000 + i, requests }));
  const files = [
    await save(join(folder, 'a.json'), textOf(first as Saved)),
    await save(join(folder, 'b.json'), textOf(second as Saved)),
  ];
  for (const file of files) await utimes(file, 1000, 1000);
  const message = `${files[1]} has counted less than a snapshot before it`;
  await expect(loadSnapshotSide(folder)).rejects.toThrow(message);
  await expect(loadSnapshotSides(files)).rejects.toThrow(message);
});
