// Size and number of the packages that an installation adds: all direct and indirect `dependencies` in node_modules.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { file } from './children.mjs';
import { number } from './format.mjs';

export const title = 'installed';

const manifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Finds a dependency as Node does: in the nearest node_modules, upwards. */
function resolve(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return found;
    if (folder === dirname(folder)) throw new Error(`${name} is not installed`);
  }
}

function allDependencies(folder, found = new Set()) {
  for (const name of Object.keys(manifest(folder).dependencies ?? {})) {
    const dependency = resolve(name, folder);
    if (found.has(dependency)) continue;
    allDependencies(dependency, found.add(dependency));
  }
  return found;
}

/** Bytes of the files of one package, without nested packages, which are counted on their own. */
function sumBytes(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => sum + (statSync(path).isDirectory() ? sumBytes(path) : statSync(path).size), 0);
}

export function measure() {
  const root = file('..');
  const packages = [...allDependencies(root)];
  const bytes = packages.reduce((sum, folder) => sum + sumBytes(folder), sumBytes(join(root, 'dist')));
  const mb = bytes / 1e6;
  const count = packages.length + 1;
  return {
    rows: [
      {
        what: 'installed / packages',
        budget: '<= 35 MB / <= 40',
        cells: { ours: `${number(mb)} MB / ${count}` },
        met: mb <= 35 && count <= 40,
      },
    ],
    how: 'Installed: sum of file sizes (10^6 bytes) of dist and of all packages reached through `dependencies`.',
  };
}
