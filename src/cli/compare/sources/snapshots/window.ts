import { InputError } from '../../../input-error.ts';
import { BlockBuilder } from '../blocks.ts';
import { type Increase, IncreaseTracker } from '../counter-increase.ts';
import { buildHistories, type SharedBounds } from '../history.ts';
import type { Scrape } from '../scrape.ts';
import type { Snapshot } from './snapshot-files.ts';

/** The length of a block that would have none: the start of a process is unknown, and copied files may have one time. */
const MIN_BLOCK_SECONDS = 0.001;

/**
 * One block between every two snapshots, in their order.
 * @param increases  may continue an earlier window
 * @throws InputError with fewer than two snapshots, or in the wrong order
 */
export async function loadWindow(
  name: string,
  snapshots: readonly Snapshot[],
  bounds: SharedBounds,
  increases = new IncreaseTracker(),
): Promise<BlockBuilder> {
  if (snapshots.length < 2) {
    throw new InputError(
      `${name} has one snapshot; at least 2 needed; record more: apm snapshot URL --every 15s --for 5m --out DIR`,
    );
  }
  const times = ascendingTimes(snapshots);
  const blocks = new BlockBuilder(name, times);
  let last: Scrape | undefined;
  for (const [i, snapshot] of snapshots.entries()) {
    const scrape = withTime(await snapshot.read(), times[i] as number);
    if (last) assertNewer(scrape, snapshot.time, last, (snapshots[i - 1] as Snapshot).time, bounds, increases);
    blocks.add(increasesUpTo(scrape, last, bounds, increases));
    last = scrape;
  }
  return blocks;
}

/** Everything that the process counted. Its start is unknown, so the block has no length. */
export function blockSinceStart(
  name: string,
  scrape: Scrape,
  bounds: SharedBounds,
  increases: IncreaseTracker,
): BlockBuilder {
  const start = scrape.time - MIN_BLOCK_SECONDS;
  for (const target of scrape.processes.keys()) increases.markRestart(target, start);
  const blocks = new BlockBuilder(name, [start, scrape.time]);
  blocks.add(increasesUpTo(scrape, undefined, bounds, increases));
  return blocks;
}

/** What was counted since `last`, the latest scrape that `increases` has. */
export function blockSince(
  name: string,
  last: Scrape,
  current: Scrape,
  bounds: SharedBounds,
  increases: IncreaseTracker,
): BlockBuilder {
  const scrape = withTime(current, Math.max(current.time, last.time + MIN_BLOCK_SECONDS));
  assertNewer(scrape, current.time, last, last.time, bounds, increases);
  const blocks = new BlockBuilder(name, [last.time, scrape.time]);
  blocks.add(increasesUpTo(scrape, last, bounds, increases));
  return blocks;
}

/** @throws InputError where two scrapes of one process are in the wrong order */
function assertNewer(
  scrape: Scrape,
  time: number,
  last: Scrape,
  lastTime: number,
  bounds: SharedBounds,
  increases: IncreaseTracker,
): void {
  if (time >= lastTime) return;
  const fallen = increases.findRestarted(buildHistories(scrape.stored, scrape.source, bounds));
  const isSameProcess = (target: string) => (last.processes.get(target) ?? Number.NaN) === scrape.processes.get(target);
  if (![...fallen].some(isSameProcess)) return;
  throw new InputError(`${scrape.source} is older than ${last.source}, of the same process; swap them`);
}

function increasesUpTo(
  scrape: Scrape,
  last: Scrape | undefined,
  bounds: SharedBounds,
  increases: IncreaseTracker,
): Increase[] {
  const restarted = [...scrape.processes].filter(([target, process]) => {
    const before = last?.processes.get(target);
    return before !== undefined && process !== undefined && before !== process;
  });
  return increases.addScrape(
    buildHistories(scrape.stored, scrape.source, bounds),
    scrape.time,
    scrape.processes.keys(),
    new Set(restarted.map(([target]) => target)),
  );
}

/** The order of the snapshots decides; copied files may all have the same time. */
function ascendingTimes(snapshots: readonly Snapshot[]): number[] {
  let last = Number.NEGATIVE_INFINITY;
  return snapshots.map(({ time }) => {
    last = Math.max(time, last + MIN_BLOCK_SECONDS);
    return last;
  });
}

const withTime = (scrape: Scrape, time: number): Scrape => ({
  ...scrape,
  time,
  stored: scrape.stored.map(({ name, labels, samples }) => ({
    name,
    labels,
    samples: [[time, samples[0]?.[1] ?? Number.NaN]],
  })),
});
