import { basename } from 'node:path';
import { BadInput } from '../../../input-error.ts';
import type { Side } from '../../model.ts';
import { Blocks, hasRequests } from '../blocks.ts';
import { Increases } from '../counter-increase.ts';
import { Bounds, histories } from '../history.ts';
import type { Scrape } from '../scrape.ts';
import { type Snapshot, snapshotsIn } from './snapshot-files.ts';

/**
 * The two sides that saved scrapes have, by how they are given:
 * - a directory each: a block between every two snapshots of it;
 * - four files: two bound the window before, two the window after, one block each;
 * - one file each: before is what the process had counted since it began; after is what it counted since then, or, where
 *   it was started anew in between, all that it had counted by then. One block each;
 * - a directory and a file: the directory as above; the file before, since the process began; the file after, since the
 *   last snapshot of the directory.
 *
 * A file has the time in its name, as `apm snapshot` writes it, else when it was last written. What a process had counted
 * before a window is never part of it.
 * @param paths two or four
 * @throws BadInput with one line that says what to do
 */
export async function sidesOfSnapshots(paths: readonly string[]): Promise<[before: Side, after: Side]> {
  const found = await Promise.all(paths.map(snapshotsIn));
  const bounds = new Bounds();
  if (found.length === 4 && !found.some(({ isDirectory }) => isDirectory)) {
    const [a, b, c, d] = found.map(({ snapshots }) => only(snapshots)) as [Snapshot, Snapshot, Snapshot, Snapshot];
    return sides(
      [
        await window(`${base(paths[0])}..${base(paths[1])}`, [a, b], bounds),
        await window(`${base(paths[2])}..${base(paths[3])}`, [c, d], bounds),
      ],
      bounds,
    );
  }
  const [before, after] = found;
  if (!before || !after || found.length !== 2) {
    throw new BadInput('two files, two directories, or four files are expected: apm compare before/ after/');
  }
  const [nameBefore, nameAfter] = [base(paths[0]), base(paths[1])];
  const increases = new Increases();
  const first = before.isDirectory
    ? await window(nameBefore, before.snapshots, bounds, increases)
    : sinceStart(nameBefore, await only(before.snapshots).read(), bounds, increases);
  const second = after.isDirectory
    ? await window(nameAfter, after.snapshots, bounds)
    : since(
        nameAfter,
        await (before.snapshots.at(-1) as Snapshot).read(),
        await only(after.snapshots).read(),
        bounds,
        increases,
      );
  return sides([first, second], bounds);
}

/**
 * What one period of saved scrapes has: of a directory what was counted between its first and last snapshot, of a file all
 * that its process had counted.
 * @throws BadInput with one line that says what to do
 */
export async function sideOfSnapshots(path: string): Promise<Side> {
  const { isDirectory, snapshots } = await snapshotsIn(path);
  const bounds = new Bounds();
  const name = base(path);
  const blocks = isDirectory
    ? await window(name, snapshots, bounds)
    : sinceStart(name, await only(snapshots).read(), bounds, new Increases());
  return counted(blocks.side(bounds));
}

const only = ([snapshot]: readonly Snapshot[]) => snapshot as Snapshot;

const base = (path = ''): string => basename(path) || path;

const sides = (blocks: readonly [Blocks, Blocks], bounds: Bounds): [Side, Side] =>
  blocks.map((each) => counted(each.side(bounds))) as [Side, Side];

/** @throws BadInput where it has no request */
function counted(side: Side): Side {
  if (hasRequests(side)) return side;
  throw new BadInput(
    `${side.name} has no request: neither http_requests_total nor http_duration counted one; record it under load, from a service with the preload`,
  );
}

/**
 * A block between every two snapshots, in their order. The increments may be those of a window before, which then go on.
 * @throws BadInput where there are less than two, or a later one of a process is older
 */
export async function window(
  name: string,
  snapshots: readonly Snapshot[],
  bounds: Bounds,
  increases = new Increases(),
): Promise<Blocks> {
  if (snapshots.length < 2) {
    throw new BadInput(
      `${name} has one snapshot, and two bound a window; record more: apm snapshot URL --every 15s --for 5m --out DIR`,
    );
  }
  const times = ascending(snapshots);
  const blocks = new Blocks(name, times);
  let last: Scrape | undefined;
  for (const [i, snapshot] of snapshots.entries()) {
    const given = await snapshot.read();
    const scrape = { ...given, ...retimed(given, times[i] as number) };
    if (last) refuseOlder(scrape, snapshot.time, last, (snapshots[i - 1] as Snapshot).time, bounds, increases);
    blocks.add(increasesUpTo(scrape, last, bounds, increases));
    last = scrape;
  }
  return blocks;
}

/** Nothing says when the process began: its block has no length. */
function sinceStart(name: string, scrape: Scrape, bounds: Bounds, increases: Increases): Blocks {
  for (const target of scrape.processes.keys()) increases.begin(target, scrape.time - TICK);
  const blocks = new Blocks(name, [scrape.time - TICK, scrape.time]);
  blocks.add(increasesUpTo(scrape, undefined, bounds, increases));
  return blocks;
}

/** What was counted from a scrape that the increments have had to a later one. */
function since(name: string, last: Scrape, given: Scrape, bounds: Bounds, increases: Increases): Blocks {
  const scrape = { ...given, ...retimed(given, Math.max(given.time, last.time + TICK)) };
  refuseOlder(scrape, given.time, last, last.time, bounds, increases);
  const blocks = new Blocks(name, [last.time, scrape.time]);
  blocks.add(increasesUpTo(scrape, last, bounds, increases));
  return blocks;
}

/** @throws BadInput where files of one process are given the other way round */
function refuseOlder(
  scrape: Scrape,
  time: number,
  last: Scrape,
  lastTime: number,
  bounds: Bounds,
  increases: Increases,
): void {
  if (time >= lastTime) return;
  const fallen = increases.fallen(histories(scrape.stored, scrape.source, bounds));
  const isSame = (target: string) => (last.processes.get(target) ?? Number.NaN) === scrape.processes.get(target);
  if (![...fallen].some(isSame)) return;
  throw new BadInput(
    `${scrape.source} was taken before ${last.source}, of the same process; give them the other way round`,
  );
}

function increasesUpTo(scrape: Scrape, last: Scrape | undefined, bounds: Bounds, increases: Increases) {
  const began = [...scrape.processes].filter(([target, process]) => {
    const before = last?.processes.get(target);
    return before !== undefined && process !== undefined && before !== process;
  });
  const anew = new Set(began.map(([target]) => target));
  return increases.addWhole(
    histories(scrape.stored, scrape.source, bounds),
    scrape.time,
    scrape.processes.keys(),
    anew,
  );
}

/** Seconds. */
const TICK = 0.001;

/** Files that were copied may all have one time; their order is what counts. */
function ascending(snapshots: readonly Snapshot[]): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return snapshots.map(({ time }) => {
    last = Math.max(time, last + TICK);
    return last;
  });
}

const retimed = ({ stored }: Scrape, time: number): Pick<Scrape, 'time' | 'stored'> => ({
  time,
  stored: stored.map(({ name, labels, samples }) => ({
    name,
    labels,
    samples: [[time, samples[0]?.[1] ?? Number.NaN]],
  })),
});
