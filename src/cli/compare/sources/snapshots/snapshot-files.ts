import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../../input-error.ts';
import { mixedKinds, parseScrape, type Scrape, type ScrapeKind } from '../scrape.ts';
import { isJson, parseSnapshot } from './snapshot-document.ts';

const EXTENSIONS: Readonly<Record<ScrapeKind, string>> = { text: '.prom', json: '.json' };

/** The file name of a snapshot. Names sort by time, and are valid on every file system. */
export const snapshotName = (time: Date, kind: ScrapeKind): string =>
  `${time.toISOString().replaceAll(':', '-')}${EXTENSIONS[kind]}`;

/** The time in a file name, in seconds since 1970; undefined without one. */
export function snapshotTime(name: string): number | undefined {
  const [, day, hour, minute, second] = /(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d(?:\.\d+)?)Z/.exec(name) ?? [];
  const time = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : time / 1000;
}

/**
 * A saved scrape. It is read only when needed, since the scrapes of a directory may not fit into memory together.
 * @property time  seconds since 1970
 */
export interface Snapshot {
  readonly time: number;
  read(): Promise<Scrape>;
}

/**
 * The snapshot of a file, or the snapshots of a directory, oldest first: its `*.json` or `*.prom` files, or all files where it
 * has none of these.
 * @param prefix  of the names of the metrics; empty for none
 * @throws InputError without a snapshot
 */
export async function listSnapshots(
  path: string,
  prefix: string,
): Promise<{ snapshots: Snapshot[]; isDirectory: boolean }> {
  const isDirectory = await orInputError(path, async () => (await stat(path)).isDirectory());
  const files = isDirectory ? await listFiles(path) : [path];
  const timed: { file: string; time: number }[] = [];
  for (const file of files) {
    const time = snapshotTime(basename(file)) ?? (await orInputError(file, () => stat(file))).mtimeMs / 1000;
    timed.push({ file, time });
  }
  timed.sort((a, b) => a.time - b.time || (a.file < b.file ? -1 : 1));
  return {
    snapshots: timed.map(({ file, time }) => ({ time, read: () => readSnapshot(file, time, prefix) })),
    isDirectory,
  };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await orInputError(folder, () => readdir(folder, { withFileTypes: true }));
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const isFile = entry.isFile() || (entry.isSymbolicLink() && (await isLinkToFile(join(folder, entry.name))));
    if (isFile) files.push(entry.name);
  }
  if (files.length === 0)
    throw new InputError(`${folder} contains no snapshots; record some: apm snapshot URL --out ${folder}`);
  const [text, json] = [EXTENSIONS.text, EXTENSIONS.json].map((end) => files.filter((name) => name.endsWith(end)));
  // Where the times are in the names, other JSON files are no snapshots.
  const found = [text, json?.some(snapshotTime) ? json.filter(snapshotTime) : text?.length ? [] : json];
  const [snapshots, others] = found.filter((names): names is string[] => names !== undefined && names.length > 0);
  if (others !== undefined) throw mixedKinds(join(folder, snapshots?.[0] ?? ''), join(folder, others[0] ?? ''));
  return (snapshots ?? files).map((name) => join(folder, name));
}

const isLinkToFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (target) => target.isFile(),
    () => false,
  );

async function readSnapshot(path: string, time: number, prefix: string): Promise<Scrape> {
  const text = await orInputError(path, () => readFile(path, 'utf8'));
  if (isJson(text)) return parseSnapshot(text, path);
  const scrape = parseScrape(text, path, time, prefix);
  // Without it, the last value may be cut, and the missing series would look like a restart.
  if (text.endsWith('\n')) return scrape;
  throw new InputError(`${path} is truncated: its last line has no line break; save it again, or remove it`);
}

async function orInputError<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new InputError(`${path} does not exist; record it: apm snapshot URL --out ${path}`);
    throw new InputError(`cannot read ${path}: ${message}`);
  }
}
