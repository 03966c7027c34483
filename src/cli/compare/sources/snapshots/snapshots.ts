import { basename } from 'node:path';
import type { Side } from '../../../../statistics/model.ts';
import { InputError } from '../../../input-error.ts';
import { type BlockBuilder, hasRequests } from '../blocks.ts';
import { IncreaseTracker } from '../counter-increase.ts';
import { assertSeparateRecordings, describeOtherService } from '../different-sides.ts';
import { SharedBounds } from '../history.ts';
import type { Period } from '../outgoing.ts';
import { listSnapshots, type Snapshot } from './snapshot-files.ts';
import { blockSince, blockSinceStart, loadWindow } from './window.ts';

/**
 * The two sides of saved scrapes. They may be:
 * - two directories: one block between every two snapshots
 * - four files: the first two bound the side before, the other two the side after; one block each
 * - two files: before is everything since the process started, after is everything since the first file. If the process
 *   restarted in between, after is everything since then. One block each
 * - a directory and a file: the directory as above. The file before counts since the process started, the file after
 *   since the last snapshot of the directory
 *
 * The time of a file is in its name, as `apm snapshot` writes it; else it is the time of its last change.
 * @param paths   two or four
 * @param prefix  of the names of the metrics; none by default
 * @param warn    called where the sides are of different services
 * @throws InputError
 */
export async function loadSnapshotSides(
  paths: readonly string[],
  prefix = '',
  warn: (line: string) => void = () => {},
): Promise<[before: Side, after: Side]> {
  const inputs = await Promise.all(paths.map((path) => listSnapshots(path, prefix)));
  const names = paths.map(baseName) as [string, string, string, string];
  const [boundsBefore, boundsAfter] = SharedBounds.pair();
  const buildSides = (before: BlockBuilder, after: BlockBuilder): [Side, Side] => {
    for (const line of describeOtherService(before, after)) warn(line);
    return [buildSide(before, boundsBefore), buildSide(after, boundsAfter)];
  };
  if (inputs.length === 4 && inputs.every(({ isDirectory }) => !isDirectory)) {
    const [a, b, c, d] = inputs.flatMap(({ snapshots }) => snapshots) as [Snapshot, Snapshot, Snapshot, Snapshot];
    const [one, other] = [`${names[0]}..${names[1]}`, `${names[2]}..${names[3]}`];
    await assertSeparateRecordings({ name: one, snapshots: [a, b] }, { name: other, snapshots: [c, d] });
    const before = await loadWindow(one, [a, b], boundsBefore);
    return buildSides(before, await loadWindow(other, [c, d], boundsAfter));
  }
  const [before, after] = inputs;
  if (!before || !after || inputs.length !== 2) {
    throw new InputError('expected two files, two directories, or four files: apm compare before/ after/');
  }
  await assertSeparateRecordings(
    { name: names[0], snapshots: before.snapshots },
    { name: names[1], snapshots: after.snapshots },
  );
  const increases = new IncreaseTracker();
  const blocksBefore = before.isDirectory
    ? await loadWindow(names[0], before.snapshots, boundsBefore, increases)
    : blockSinceStart(names[0], await onlySnapshot(before.snapshots).read(), boundsBefore, increases);
  if (after.isDirectory) return buildSides(blocksBefore, await loadWindow(names[1], after.snapshots, boundsAfter));
  const last = await (before.snapshots.at(-1) as Snapshot).read();
  const scrape = await onlySnapshot(after.snapshots).read();
  return buildSides(blocksBefore, blockSince(names[1], last, scrape, boundsAfter, increases));
}

/**
 * One period of saved scrapes, with its outgoing calls: a directory from its first to its last snapshot, or everything that
 * the process of a file counted.
 * @throws InputError
 */
export async function loadSnapshotPeriod(path: string, prefix = ''): Promise<Period> {
  const { isDirectory, snapshots } = await listSnapshots(path, prefix);
  const bounds = new SharedBounds(true);
  const name = baseName(path);
  const blocks = isDirectory
    ? await loadWindow(name, snapshots, bounds)
    : blockSinceStart(name, await onlySnapshot(snapshots).read(), bounds, new IncreaseTracker());
  return { side: buildSide(blocks, bounds), outgoing: blocks.outgoing.build(bounds) };
}

const onlySnapshot = ([snapshot]: readonly Snapshot[]) => snapshot as Snapshot;

const baseName = (path: string): string => basename(path) || path;

/** @throws InputError without a request */
function buildSide(blocks: BlockBuilder, bounds: SharedBounds): Side {
  const side = blocks.buildSide(bounds);
  if (hasRequests(side)) return side;
  throw new InputError(
    `${side.name} has no request, neither in http_requests_total nor in http_duration; record a service with the preload, under load; if it has APM_METRIC_PREFIX, give that as --prefix`,
  );
}
