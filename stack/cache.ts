import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Outside the repository, because a build takes minutes and all clones can share it. */
const CACHE_FOLDER = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'apm-stack');

/**
 * A folder of the cache, filled once. While another process fills it, this one waits.
 * @param key name and version of the content
 * @param fill fills an empty folder; if it throws, the folder is removed
 * @returns the path of the folder
 */
export async function cachedFolder(key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE_FOLDER, key);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE_FOLDER, { recursive: true });
  const unlock = await acquireLock(`${folder}.lock`);
  try {
    if (existsSync(folder)) return folder;
    // In a temporary folder until it is complete, because a killed build must not look finished.
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
 * Allows one process at a time. The lock of a process that has ended is taken over. If two processes take it over at the
 * same time, both build, and the first result is kept.
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

/** True when the process of a lock has ended. A lock without a pid is one whose process ended, or found the disk full, before it wrote it. */
async function isAbandoned(file: string): Promise<boolean> {
  try {
    const holder = await readFile(file, 'utf8');
    if (holder !== '') return !isAlive(Number(holder));
    return Date.now() - (await stat(file)).mtimeMs > 10_000;
  } catch {
    // The lock was released in the meantime.
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
