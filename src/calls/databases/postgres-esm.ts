import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { guard } from '../../base/guard.ts';

/** It imports nothing and does nothing when it is loaded, so it does no harm where the app has no use for it. */
const FILE = join('src', 'query.js');

/**
 * Imports the file of Postgres.js that has its queries. Node does not tell which ES modules are loaded, but it has one copy of
 * each file: an app that imports it earlier or later has this one.
 */
export function importPostgresQuery(found: (exports: unknown) => void): void {
  guard('look for postgres', () => {
    for (const folder of findPackages()) {
      const path = join(folder, FILE);
      // Where it was removed since, or has another form, there is nothing to see.
      if (existsSync(path))
        importFile(pathToFileURL(path).href)
          .then(found)
          .catch(() => {});
    }
  });
}

/** The folders of the package that the program may import. */
function findPackages(): string[] {
  const from = [process.argv[1], join(process.cwd(), 'app.js')].filter((path) => path !== undefined);
  const direct = new Set(from.map(resolvePackage).filter((folder) => folder !== undefined));
  return direct.size > 0 ? [...direct] : from.flatMap((path) => findInPnpm(dirname(path)));
}

function resolvePackage(from: string): string | undefined {
  try {
    // Its file for `require` is cjs/src/index.js.
    return join(dirname(createRequire(from).resolve('postgres')), '..', '..');
  } catch {
    return undefined;
  }
}

/** pnpm keeps packages that only other packages depend on in a folder of its own. */
function findInPnpm(folder: string): string[] {
  const store = join(folder, 'node_modules', '.pnpm');
  if (existsSync(store)) {
    const copies = readdirSync(store).filter((name) => name.startsWith('postgres@'));
    return copies.map((name) => join(store, name, 'node_modules', 'postgres'));
  }
  const parent = dirname(folder);
  return parent === folder ? [] : findInPnpm(parent);
}

/**
 * `import()` as a text, because the compiler would make a `require` of it. Rejects, and does not throw, where the app runs with
 * `--disallow-code-generation-from-strings`: that is no failure to be logged.
 */
async function importFile(url: string): Promise<unknown> {
  const load = new Function('url', 'return import(url);') as (url: string) => Promise<unknown>;
  return load(url);
}
