// Versions of a package in the npm registry.
import { npm } from '../../test/support/npm.ts';
import { root } from '../../test/support/root.ts';

const known = new Map();

/** @returns {Promise<{ versions: string[], latest: string }>} releases in ascending order, no prereleases */
export function published(name) {
  if (!known.has(name)) known.set(name, view(name));
  return known.get(name);
}

async function view(name) {
  const found = JSON.parse(await npm(['view', name, 'versions', 'dist-tags', '--json'], root));
  const versions = [found.versions].flat().filter((version) => /^\d+\.\d+\.\d+$/.test(version));
  return { versions: versions.sort(compare), latest: found['dist-tags'].latest };
}

/** A comparison function for `Array.sort`. */
export function compare(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** The newest of these versions in a line such as `24` or `4.12`; undefined if there is none. */
export const newestOf = (versions, line) => versions.findLast((version) => version.startsWith(`${line}.`));
