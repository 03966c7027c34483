import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Outside the repository, so that every clone shares what took minutes to build. */
const CACHE_FOLDER = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'apm-stack');

/**
 * A folder of the cache, filled once. Whoever comes while another process fills it waits for that one.
 * @param key name and version of what is in it
 * @param fill fills an empty folder; what it throws leaves nothing behind
 * @returns its path; where it is there already, at once
 */
export async function cachedFolder(key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE_FOLDER, key);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE_FOLDER, { recursive: true });
  const unlock = await acquireLock(`${folder}.lock`);
  try {
    if (existsSync(folder)) return folder;
    // Elsewhere until it is whole: a build that was killed must not look like one that is done.
    const partial = await mkdtemp(join(CACHE_FOLDER, '.partial-'));
    try {
      await fill(partial);
      await rename(partial, folder).catch((error) => {
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return folder;
  } finally {
    await unlock();
  }
}

/**
 * One process at a time. A lock whose process has ended is taken over; should two do so at once, both build, and what the
 * first has built stays.
 */
async function acquireLock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (await isAbandoned(file)) await rm(file, { force: true });
    else await wait(200);
  }
}

/** Its process has ended; or it has none, because that ended, or the disk was full, before it could write who it is. */
async function isAbandoned(file: string): Promise<boolean> {
  try {
    const holder = await readFile(file, 'utf8');
    if (holder !== '') return !isAlive(Number(holder));
    return Date.now() - (await stat(file)).mtimeMs > 10_000;
  } catch {
    // It was given back meanwhile.
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
