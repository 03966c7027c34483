import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm } from '../support/npm.ts';
import { root } from '../support/root.ts';
import { fileNameOf, manifestOf, type PackageSet } from './package-set.ts';

/** The fields of a package in package-lock.json that are kept. */
interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly integrity?: string;
  readonly inBundle?: true;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The packages by their folders: `node_modules/koa`. */
export type Lock = Readonly<Record<string, LockedPackage>>;

export const LOCKS_FOLDER = join(root, 'test/packages/locks');
/** These fields are not needed to install: the URL of a package, and information for readers. */
const DROPPED_FIELDS = ['resolved', 'license', 'funding', 'engines', 'deprecated'];

export const lockFileOf = (set: PackageSet): string => join(LOCKS_FOLDER, `${fileNameOf(set)}.json`);

export function readLock(set: PackageSet): Lock {
  const file = lockFileOf(set);
  if (!existsSync(file))
    throw new Error(`${set.title} has no lock file ${file}: npm run versions -- --locks writes it`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The package-lock.json of a set for `npm ci`. */
export function packageLock(set: PackageSet): string {
  const { name, version, dependencies } = manifestOf(set);
  const entries = Object.entries(readLock(set)).map(([path, locked]) => [path, addUrl(path, locked)]);
  const packages = { '': { name, version, dependencies }, ...Object.fromEntries(entries) };
  return JSON.stringify({ name, version, lockfileVersion: 3, requires: true, packages });
}

/** Adds a URL, without which npm would first fetch the versions of each package. npm replaces the host with its registry. */
function addUrl(path: string, locked: LockedPackage): object {
  // It is in the tarball of another package, so it has no URL.
  if (locked.inBundle) return locked;
  const { name = nameOf(path), version } = locked;
  return { ...locked, resolved: `https://registry.npmjs.org/${name}/-/${name.split('/').at(-1)}-${version}.tgz` };
}

/** `a` for `node_modules/b/node_modules/a`. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Resolves the packages of a set and their dependencies in the registry, and writes its lock file, one line per package. */
export async function writeLock(set: PackageSet): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-lock-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifestOf(set)));
    await npm(['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
    const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
    const lines = Object.entries(packages as Lock)
      .filter(([path]) => path !== '')
      .map(([path, locked]) => `${JSON.stringify(path)}: ${JSON.stringify(trim(path, locked))}`);
    await mkdir(LOCKS_FOLDER, { recursive: true });
    await writeFile(lockFileOf(set), `{\n${lines.join(',\n')}\n}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function trim(path: string, locked: LockedPackage): object {
  if (!locked.integrity && !locked.inBundle)
    throw new Error(`${path} is not from the registry, so its content is not pinned`);
  return Object.fromEntries(Object.entries(locked).filter(([key]) => !DROPPED_FIELDS.includes(key)));
}
