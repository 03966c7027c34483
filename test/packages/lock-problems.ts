import { lockFileOf, nameOf, readLock } from './lock-file.ts';
import type { PackageSet } from './package-set.ts';

/** The differences between a set and its lock file. `npm run versions -- --locks` repairs them. */
export function findLockProblems(set: PackageSet): string[] {
  try {
    return findDifferences(set);
  } catch (error) {
    return [(error as Error).message];
  }
}

function findDifferences(set: PackageSet): string[] {
  const lock = readLock(set);
  const problems: string[] = [];
  for (const [name, wanted] of Object.entries(set.packages)) {
    const locked = lock[`node_modules/${name}`];
    const found = locked?.name ? `npm:${locked.name}@${locked.version}` : locked?.version;
    if (found !== wanted) problems.push(`${name} is ${found}, and the set has ${wanted}`);
  }
  for (const [path, { version, dependencies = {}, integrity, inBundle }] of Object.entries(lock)) {
    const override = set.overrides?.[nameOf(path)];
    if (override && version !== override) problems.push(`${path} is ${version}, and its override is ${override}`);
    if (!integrity && !inBundle) problems.push(`${path} has no integrity`);
    for (const name of Object.keys(dependencies)) {
      if (!candidateFolders(path, name).some((place) => place in lock))
        problems.push(`${path} needs ${name}, which is not locked`);
    }
  }
  return problems.map((problem) => `${lockFileOf(set)}: ${problem}`);
}

/** The folders where Node looks for a dependency of the package at a path, from there upwards. */
function candidateFolders(path: string, name: string): string[] {
  const folders = path.split('/node_modules/');
  const above = folders.map(
    (_, i) => `${folders.slice(0, folders.length - i).join('/node_modules/')}/node_modules/${name}`,
  );
  return [...above, `node_modules/${name}`];
}
