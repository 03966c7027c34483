import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

/** The app's own package.json, as far as it concerns us. */
export interface AppPackage {
  readonly name: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Where it lies. */
  readonly folder: string;
}

/**
 * The nearest package.json with a name, from the program's folder upwards; from the working folder where the program is
 * itself a dependency, such as a framework's command line.
 */
export function appPackage(program = process.argv[1], cwd = process.cwd()): AppPackage | undefined {
  const own = program !== undefined && !program.split(sep).includes('node_modules');
  let folder = own ? dirname(program) : cwd;
  for (;;) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      // A package.json without a name only says how the folder's modules are read.
      if (typeof found?.name === 'string' && found.name !== '') return { ...found, folder };
    } catch {
      // Not here, or not readable: look further up.
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** Resolves modules as the app's own code would. */
export function appRequire(app: AppPackage | undefined): NodeJS.Require {
  return createRequire(join(app?.folder ?? process.cwd(), 'package.json'));
}
