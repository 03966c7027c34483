import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fetchScrape, readScrape, type ScrapeSource } from '../compare/sources/fetch-scrape.ts';
import { snapshotName, snapshotTime } from '../compare/sources/snapshots/snapshot-files.ts';
import { InputError } from '../input-error.ts';

/**
 * @property source           the first scrape decides: a recording has only one kind
 * @property note             for the user, once the first scrape has succeeded
 * @property intervalSeconds  between two snapshots
 * @property durationSeconds  from the first snapshot to the last
 * @property folder           created where it does not exist
 * @property signal           stops the recording; the snapshots so far stay
 * @property onProgress       called for each snapshot, and for each scrape that failed
 */
export interface RecordOptions {
  readonly source: ScrapeSource;
  readonly note?: string | undefined;
  readonly token: string | undefined;
  readonly intervalSeconds: number;
  readonly durationSeconds: number;
  readonly folder: string;
  readonly signal: AbortSignal;
  onProgress(line: string): void;
}

/** Longer timers are split: a timer of more than 24 days fires at once. */
const MAX_TIMER_MS = 86_400_000;
const MIN_SCRAPE_TIMEOUT_MS = 2_000;
const MAX_SCRAPE_TIMEOUT_MS = 60_000;

/**
 * Saves scrapes, the first at once and the last at the end. A later scrape that fails is skipped.
 * @returns the number of snapshots
 * @throws InputError where the first scrape fails, or the folder cannot be used
 */
export async function record(options: RecordOptions): Promise<number> {
  const { source, note, token, intervalSeconds, durationSeconds, folder, signal, onProgress } = options;
  const first = await fetchScrape(source, { token, signal });
  await prepareFolder(folder);
  if (note !== undefined) onProgress(note);
  const started = performance.now();
  const startedAt = Date.now();
  // By the monotonic clock: the names keep the order of the snapshots even if the clock is set back meanwhile.
  const time = () => new Date(startedAt + performance.now() - started);
  const save = (text: string) => saveSnapshot(folder, text, snapshotName(time(), source.kind));
  const total = Math.ceil(durationSeconds / intervalSeconds - 1e-9) + 1;
  const names = [...readScrape(first, source).services].map((name) => JSON.stringify(name));
  const ofService = names.length > 0 ? `, of the service ${names.join(' and ')}` : '';
  onProgress(`1 of ${total}: ${await save(first)}${ofService}`);
  let saved = 1;
  for (let number = 2; number <= total && !signal.aborted; number++) {
    const due = started + Math.min((number - 1) * intervalSeconds, durationSeconds) * 1000;
    try {
      await waitUntil(due, signal);
      // Ends before the next scrape is due, so that a hanging one is a single gap; but a busy process gets its time.
      const timeoutMs = Math.min(Math.max(MIN_SCRAPE_TIMEOUT_MS, intervalSeconds * 1000), MAX_SCRAPE_TIMEOUT_MS);
      const file = await save(await fetchScrape(source, { token, signal, timeoutMs }));
      onProgress(`${number} of ${total}: ${file}`);
      saved++;
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof InputError)) throw error;
      onProgress(`${number} of ${total}: skipped: ${error.message}`);
    }
  }
  return saved;
}

/** @param due  of `performance.now()` */
async function waitUntil(due: number, signal: AbortSignal): Promise<void> {
  do {
    await wait(Math.min(Math.max(0, due - performance.now()), MAX_TIMER_MS), undefined, { signal });
  } while (due > performance.now());
}

/** @returns the path of the file */
async function saveSnapshot(folder: string, text: string, name: string): Promise<string> {
  const file = join(folder, name);
  // Written under a hidden name first: readers of the directory must not see half a file.
  const partial = join(folder, `.${name}`);
  try {
    await writeFile(partial, text);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw new InputError(`cannot write to ${folder}: ${(error as Error).message}; free some space, or change --out`);
  }
  return file;
}

/** @throws InputError where the folder has snapshots already, or cannot be written to */
async function prepareFolder(folder: string): Promise<void> {
  let names: string[];
  try {
    await mkdir(folder, { recursive: true });
    names = await readdir(folder);
  } catch (error) {
    throw new InputError(`cannot use ${folder}: ${(error as Error).message}; change --out`);
  }
  if (names.some((name) => snapshotTime(name) !== undefined)) {
    throw new InputError(`${folder} already contains snapshots, and two recordings must not mix; change --out`);
  }
}
