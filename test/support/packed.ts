import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './root.ts';

interface LockEntry {
  readonly version: string;
  readonly dev?: true;
  readonly devOptional?: true;
}

/** The part of package-lock.json for the packages that are installed with this one. */
export async function readDependencyLock() {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const entries = Object.entries<LockEntry>(lock.packages);
  const needed: [string, LockEntry][] = entries.filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional,
  );
  return { lockfileVersion: lock.lockfileVersion, packages: Object.fromEntries(needed) };
}

/** Puts the built package and all that it depends on into node_modules of a folder, as `npm install` does, in a second. */
export async function placePackage(folder: string): Promise<void> {
  const { packages } = await readDependencyLock();
  for (const path of Object.keys(packages)) await cp(join(root, path), join(folder, path), { recursive: true });
  await placeOwnPackage(folder);
}

/** As `placePackage`, without its dependencies. It is no link, because bundlers follow none out of an app. */
export async function placeOwnPackage(folder: string): Promise<void> {
  const own = join(folder, 'node_modules/@org/apm');
  await rm(own, { recursive: true, force: true });
  await cp(join(root, 'dist'), join(own, 'dist'), { recursive: true });
  await cp(join(root, 'package.json'), join(own, 'package.json'));
}
