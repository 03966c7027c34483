import { InputError } from '../../../input-error.ts';
import { BlockBuilder } from '../blocks.ts';
import { type Increase, IncreaseTracker } from '../counter-increase.ts';
import type { SharedBounds } from '../history.ts';
import { mixedKinds, type Scrape, startsOf } from '../scrape.ts';
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
    blocks.addProcesses(scrape);
    last = scrape;
  }
  return blocks;
}

/** Everything that the process counted. Where its start is unknown, the block has no length. */
export function blockSinceStart(
  name: string,
  scrape: Scrape,
  bounds: SharedBounds,
  increases: IncreaseTracker,
): BlockBuilder {
  const start = Math.min(scrape.time - MIN_BLOCK_SECONDS, ...startsOf(scrape));
  for (const target of scrape.processes.keys()) increases.markRestart(target, start);
  const blocks = new BlockBuilder(name, [start, scrape.time]);
  blocks.add(increasesUpTo(scrape, undefined, bounds, increases));
  blocks.addProcesses(scrape);
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
  blocks.addProcesses(scrape);
  return blocks;
}

/** @throws InputError where they are of two kinds, or scrapes of one process are in the wrong order: requests would count twice */
function assertNewer(
  scrape: Scrape,
  time: number,
  last: Scrape,
  lastTime: number,
  bounds: SharedBounds,
  increases: IncreaseTracker,
): void {
  if (last.kind !== scrape.kind) throw mixedKinds(scrape.source, last.source);
  // The text of a process with a configured id may have fallen because it restarted.
  if (time >= lastTime && scrape.kind === 'text') return;
  const fallen = increases.findRestarted(scrape.readHistories(scrape.time, bounds));
  // Every period of counting has an id of its own, in which the counts of a snapshot only increase.
  const isSameProcess = (target: string) =>
    scrape.kind === 'json'
      ? scrape.processes.has(target)
      : (last.processes.get(target) ?? Number.NaN) === scrape.processes.get(target);
  if (![...fallen].some(isSameProcess)) return;
  if (time < lastTime) {
    throw new InputError(`${scrape.source} is older than ${last.source}, of the same process; swap them`);
  }
  throw new InputError(
    `${scrape.source} has counted less than a snapshot before it, though its counts only increase: it was saved before ${last.source}, and the clock was perhaps set back; swap them, or rename the files in the order in which they were saved`,
  );
}

function increasesUpTo(
  scrape: Scrape,
  last: Scrape | undefined,
  bounds: SharedBounds,
  increases: IncreaseTracker,
): Increase[] {
  // No earlier scrape has any of their counts: these were counted since.
  for (const [target, since] of scrape.began) {
    if (last !== undefined && since >= last.clock) increases.markSeen(target, last.time);
  }
  const restarted = [...scrape.processes].filter(([target, process]) => {
    const before = last?.processes.get(target);
    return before !== undefined && process !== undefined && before !== process;
  });
  return increases.addScrape(
    scrape.readHistories(scrape.time, bounds),
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

const withTime = (scrape: Scrape, time: number): Scrape => ({ ...scrape, time });
