import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../input-error.ts';
import type { Snapshot } from './snapshots/snapshot-files.ts';
import type { TimeRange } from './time-range.ts';

/*
 * A comparison of a thing with itself is refused: it finds no difference by definition, or only noise, and looks like a
 * result.
 */

/**
 * @param paths  two, or two pairs; those that do not exist are left to the reader
 * @throws InputError where both sides are the same files, also by other names, or copies of them
 */
export async function assertDifferentFiles(paths: readonly string[]): Promise<void> {
  const half = paths.length / 2;
  const [before, after] = [paths.slice(0, half), paths.slice(half)];
  const given = `${before.join(' ')} and ${after.join(' ')}`;
  const places = await Promise.all(paths.map((path) => realpath(path).catch(() => undefined)));
  if (places.includes(undefined)) return;
  const isSame = (isEqual: (i: number) => boolean) => before.every((_, i) => isEqual(i));
  if (isSame((i) => places[i] === places[i + half])) {
    throw new InputError(`${given} are the same, ${places.slice(half).join(' ')}; ${GIVE_TWO}`);
  }
  const [one = '', other = ''] = places;
  if (half === 1 && dirname(other) === one && !(await stat(other)).isDirectory()) {
    throw new InputError(`${paths[1]} is one of the snapshots of ${paths[0]}; ${GIVE_TWO}`);
  }
  const contents = await Promise.all(paths.map((path) => describeContent(path, paths)));
  if (isSame((i) => contents[i] !== undefined && contents[i] === contents[i + half])) {
    throw new InputError(`${given} have the same content; ${GIVE_TWO}`);
  }
}

const GIVE_TWO = 'give one recording of before the change and one of after it';

/** @property snapshots  oldest first; a single one counts since the process started */
export interface Recording {
  readonly name: string;
  readonly snapshots: readonly Snapshot[];
}

/** @throws InputError where both count the same requests: they overlap in time, and are of the same process */
export async function assertSeparateRecordings(before: Recording, after: Recording): Promise<void> {
  // A single file after the other side counts since that ended.
  if (after.snapshots.length < 2) return;
  const start = Math.max(before.snapshots.length < 2 ? Number.NEGATIVE_INFINITY : firstTime(before), firstTime(after));
  const end = Math.min(lastTime(before), lastTime(after));
  if (start >= end) return;
  const [some, others] = (await Promise.all([before, after].map((side) => processesAt(side, [start, end])))) as [
    string[],
    string[],
  ];
  if (!some.some((process) => others.includes(process))) return;
  const [from, to] = [start, end].map((time) => new Date(time * 1000).toISOString());
  throw new InputError(
    `${before.name} and ${after.name} both have the time from ${from} to ${to} of the same process; ${GIVE_TWO}`,
  );
}

const firstTime = ({ snapshots }: Recording): number => (snapshots[0] as Snapshot).time;
const lastTime = ({ snapshots }: Recording): number => (snapshots.at(-1) as Snapshot).time;

/** The processes of a recording at these times, as far as they have an id. */
async function processesAt({ snapshots }: Recording, times: readonly number[]): Promise<string[]> {
  const nearest = times.map((at) => snapshots.findLast(({ time }) => time <= at) ?? (snapshots[0] as Snapshot));
  const scrapes = await Promise.all(nearest.map((snapshot) => snapshot.read()));
  return scrapes.flatMap(({ processes }) => [...processes.values()].filter((id) => id !== undefined));
}

/** @property services  the names of the services of a recording, as far as they are known */
interface RecordedServices {
  readonly name: string;
  readonly services: ReadonlySet<string>;
}

/** A warning where two recordings are of different services. It is no error, because a service may have been renamed. */
export function describeOtherService(before: RecordedServices, after: RecordedServices): string[] {
  const [some, others] = [[...before.services], [...after.services]];
  if (some.length === 0 || others.length === 0 || some.some((name) => after.services.has(name))) return [];
  const [was, is] = [some, others].map((names) => names.map((name) => JSON.stringify(name)).join(' and '));
  return [
    `${before.name} is of the service ${was} and ${after.name} of ${is}; unless it was renamed, give two recordings of one service`,
  ];
}

/** @throws InputError where both periods are the same, or overlap */
export function assertDifferentPeriods(before: TimeRange, after: TimeRange): void {
  if (before.from === after.from && before.to === after.to) {
    const [from, to] = [before.from, before.to].map((time) => new Date(time * 1000).toISOString());
    throw new InputError(`--before and --after are the same period, ${from} to ${to}; give two different ones`);
  }
  if (before.from < after.to && after.from < before.to) {
    throw new InputError('--before and --after overlap; give two periods that do not');
  }
}

/** @throws InputError where both commands are the same */
export function assertDifferentCommands(a: string, b: string): void {
  const [one, other] = [a, b].map((command) => command.trim().replace(/\s+/g, ' '));
  if (one !== other) return;
  throw new InputError(
    `--a and --b are the same command, ${JSON.stringify(a)}; give the builds before and after, or, to see the noise, a variable before one: --b ${JSON.stringify(`SAME=1 ${one}`)}`,
  );
}

/**
 * A digest of the content of a file, or of the files of a directory whatever they are called; undefined where it has none. Where
 * sizes differ, contents do: then nothing is read.
 */
async function describeContent(path: string, all: readonly string[]): Promise<string | undefined> {
  const sizes = await Promise.all(all.map(totalSize));
  if (sizes.filter((size) => size === sizes[all.indexOf(path)]).length < 2) return undefined;
  const digests = await Promise.all((await filesOf(path)).map(digest));
  return digests.length > 0 ? digests.sort().join() : undefined;
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => join(path, name));
}

async function totalSize(path: string): Promise<number> {
  const stats = await Promise.all((await filesOf(path)).map((file) => stat(file)));
  return stats.reduce((sum, { size }) => sum + size, 0);
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
