import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadInput } from '../../../input-error.ts';
import { type Scrape, scrapeOf } from '../scrape.ts';

const EXTENSION = '.prom';

/** The name of a snapshot taken at a time: names sort as times do, on every file system. */
export const nameOf = (time: Date): string => `${time.toISOString().replaceAll(':', '-')}${EXTENSION}`;

/** @returns seconds since 1970, undefined where the name has no time */
export function timeOf(name: string): number | undefined {
  const [, day, hour, minute, second] = /(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d(?:\.\d+)?)Z/.exec(name) ?? [];
  const time = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time / 1000;
}

/**
 * A scrape that is read when its turn comes: a directory of them may be more than the memory holds.
 * @property time  seconds since 1970
 */
export interface Snapshot {
  readonly time: number;
  read(): Promise<Scrape>;
}

/**
 * The snapshot that a file is, or those in a directory, oldest first: its `*.prom`, or all its files where it has none of
 * them.
 * @throws BadInput where there is none
 */
export async function snapshotsIn(path: string): Promise<{ snapshots: Snapshot[]; isDirectory: boolean }> {
  const isDirectory = await reading(path, async () => (await stat(path)).isDirectory());
  const files = isDirectory ? await filesIn(path) : [path];
  const timed: { file: string; time: number }[] = [];
  for (const file of files) {
    const time = timeOf(basename(file)) ?? (await reading(file, () => stat(file))).mtimeMs / 1000;
    timed.push({ file, time });
  }
  timed.sort((a, b) => a.time - b.time || (a.file < b.file ? -1 : 1));
  return { snapshots: timed.map(({ file, time }) => ({ time, read: () => readOne(file, time) })), isDirectory };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await reading(folder, () => readdir(folder, { withFileTypes: true }));
  const files: string[] = [];
  for (const each of entries) {
    if (each.name.startsWith('.')) continue;
    if (each.isFile() || (each.isSymbolicLink() && (await leadsToFile(join(folder, each.name))))) files.push(each.name);
  }
  const ours = files.filter((name) => name.endsWith(EXTENSION));
  if (files.length === 0)
    throw new BadInput(`${folder} has no snapshots; record some: apm snapshot URL --out ${folder}`);
  return (ours.length > 0 ? ours : files).map((name) => join(folder, name));
}

const leadsToFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (it) => it.isFile(),
    () => false,
  );

async function readOne(path: string, time: number): Promise<Scrape> {
  const text = await reading(path, () => readFile(path, 'utf8'));
  const scrape = scrapeOf(text, path, time);
  // Else the last value may be a part of one, and what is missing would be taken for a restart.
  if (text.endsWith('\n')) return scrape;
  throw new BadInput(`${path} is cut off: its last line has no end; save it again, or leave it out`);
}

async function reading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new BadInput(`there is no ${path}; record it: apm snapshot URL --out ${path}`);
    throw new BadInput(`${path} cannot be read: ${message}`);
  }
}
