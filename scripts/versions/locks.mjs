// The lock files in test/packages/locks.
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findPackageSets } from '../../test/packages/all.ts';
import { LOCKS_FOLDER, lockFileOf, writeLock } from '../../test/packages/lock-file.ts';
import { findLockProblems } from '../../test/packages/lock-problems.ts';

/** @param {{ all: boolean }} options  all: rewrites all lock files, so that indirect dependencies are updated too */
export async function writeLocks({ all }) {
  const sets = (await findPackageSets()).map(({ set }) => set);
  const due = sets.filter((set) => all || findLockProblems(set).length > 0);
  for (const [i, set] of due.entries()) {
    console.log(`Lock file ${i + 1} of ${due.length}: ${set.title}`);
    await writeLock(set);
  }
  const names = new Set(sets.map((set) => basename(lockFileOf(set))));
  for (const name of readdirSync(LOCKS_FOLDER)) {
    if (names.has(name)) continue;
    console.log(`Removing ${name}, which no test installs.`);
    rmSync(join(LOCKS_FOLDER, name));
  }
  console.log(`${due.length} of ${sets.length} lock files written.`);
}
