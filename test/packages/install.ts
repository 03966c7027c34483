import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../support/npm.ts';
import { root } from '../support/root.ts';
import { packageLock } from './lock-file.ts';
import { fileNameOf, manifestOf, type PackageSet } from './package-set.ts';

const CACHE = join(root, '.cache', 'packages');

/** Installs the packages of a set in the versions of its lock file, unless they are cached. @returns the folder */
export async function installPackages(set: PackageSet): Promise<string> {
  const manifest = JSON.stringify(manifestOf(set), undefined, 2);
  const lock = packageLock(set);
  const hash = createHash('sha256').update(manifest).update(lock).digest('hex').slice(0, 8);
  const folder = join(CACHE, `${fileNameOf(set)}-${hash}`);
  if (existsSync(folder)) return folder;

  await mkdir(CACHE, { recursive: true });
  // A separate folder until it is complete, because another test may install the same set.
  const partial = await mkdtemp(join(CACHE, 'partial-'));
  await writeFile(join(partial, 'package.json'), manifest);
  await writeFile(join(partial, 'package-lock.json'), lock);
  await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], partial);
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }));
  return folder;
}
