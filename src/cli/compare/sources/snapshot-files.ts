import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BadInput } from '../bad-input.ts';
import { type Scrape, scrapeOf } from './scrape.ts';

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
 * The scrape in a file, or those in a directory, oldest first: its `*.prom`, or all its files where it has none of them.
 * @throws BadInput where there is none, or something else
 */
export async function readSnapshots(path: string): Promise<{ scrapes: Scrape[]; isDirectory: boolean }> {
  const isDirectory = await reading(path, async () => (await stat(path)).isDirectory());
  const scrapes = await Promise.all((isDirectory ? await filesIn(path) : [path]).map(readOne));
  scrapes.sort((a, b) => a.time - b.time || (a.source < b.source ? -1 : 1));
  return { scrapes, isDirectory };
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await reading(folder, () => readdir(folder, { withFileTypes: true }));
  const files = entries.filter((each) => each.isFile() && !each.name.startsWith('.')).map(({ name }) => name);
  const ours = files.filter((name) => name.endsWith(EXTENSION));
  if (files.length === 0)
    throw new BadInput(`${folder} has no snapshots; record some: apm snapshot URL --out ${folder}`);
  return (ours.length > 0 ? ours : files).map((name) => join(folder, name));
}

async function readOne(path: string): Promise<Scrape> {
  const text = await reading(path, () => readFile(path, 'utf8'));
  const time = timeOf(basename(path)) ?? (await reading(path, () => stat(path))).mtimeMs / 1000;
  return scrapeOf(text, path, time);
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
