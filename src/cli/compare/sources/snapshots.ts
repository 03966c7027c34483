import { basename } from 'node:path';
import { BadInput } from '../bad-input.ts';
import type { Side } from '../model.ts';
import { Blocks, hasRequests } from './blocks.ts';
import { Bounds, histories } from './history.ts';
import { Increases } from './increase.ts';
import type { Scrape } from './scrape.ts';
import { readSnapshots } from './snapshot-files.ts';

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
  const read = await Promise.all(paths.map(readSnapshots));
  const bounds = new Bounds();
  if (read.length === 4 && !read.some(({ isDirectory }) => isDirectory)) {
    const [a, b, c, d] = read.map(({ scrapes }) => scrapes[0] as Scrape) as [Scrape, Scrape, Scrape, Scrape];
    return sides(
      [
        window(`${base(paths[0])}..${base(paths[1])}`, [a, b], bounds),
        window(`${base(paths[2])}..${base(paths[3])}`, [c, d], bounds),
      ],
      bounds,
    );
  }
  const [before, after] = read;
  if (!before || !after || read.length !== 2) {
    throw new BadInput('two files, two directories, or four files are expected: apm compare before/ after/');
  }
  const [nameBefore, nameAfter] = [base(paths[0]), base(paths[1])];
  const increases = new Increases();
  const first = before.isDirectory
    ? window(nameBefore, before.scrapes, bounds, increases)
    : sinceStart(nameBefore, before.scrapes[0] as Scrape, bounds, increases);
  const second = after.isDirectory
    ? window(nameAfter, after.scrapes, bounds)
    : since(nameAfter, before.scrapes.at(-1) as Scrape, after.scrapes[0] as Scrape, bounds, increases);
  return sides([first, second], bounds);
}

/**
 * What one period of saved scrapes has: of a directory what was counted between its first and last snapshot, of a file all
 * that its process had counted.
 * @throws BadInput with one line that says what to do
 */
export async function sideOfSnapshots(path: string): Promise<Side> {
  const { isDirectory, scrapes } = await readSnapshots(path);
  const bounds = new Bounds();
  const name = base(path);
  const blocks = isDirectory
    ? window(name, scrapes, bounds)
    : sinceStart(name, scrapes[0] as Scrape, bounds, new Increases());
  return counted(blocks.side(bounds));
}

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

/** A block between every two scrapes. The increments may be those of a window before, which then go on. */
export function window(name: string, scrapes: readonly Scrape[], bounds: Bounds, increases = new Increases()): Blocks {
  if (scrapes.length < 2) {
    throw new BadInput(
      `${name} has one snapshot, and two bound a window; record more: apm snapshot URL --every 15s --for 5m --out DIR`,
    );
  }
  const ordered = ascending(scrapes);
  const blocks = new Blocks(
    name,
    ordered.map(({ time }) => time),
  );
  let last: Scrape | undefined;
  for (const scrape of ordered) {
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
  const fallen = increases.fallen(histories(scrape.stored, scrape.source, bounds));
  const isSame = (target: string) => (last.processes.get(target) ?? NaN) === given.processes.get(target);
  if (given.time < last.time && [...fallen].some(isSame)) {
    throw new BadInput(
      `${given.source} was taken before ${last.source}, of the same process; give them the other way round`,
    );
  }
  const blocks = new Blocks(name, [last.time, scrape.time]);
  blocks.add(increasesUpTo(scrape, last, bounds, increases));
  return blocks;
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
function ascending(scrapes: readonly Scrape[]): Scrape[] {
  let last = Number.NEGATIVE_INFINITY;
  return scrapes.map((scrape) => {
    last = Math.max(scrape.time, last + TICK);
    return { ...scrape, ...retimed(scrape, last) };
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
