import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Framework, packageSetOf } from '../frameworks/framework.ts';
import { root } from '../support/root.ts';
import type { PackageSet } from './package-set.ts';
import { TOOLS } from './tools.ts';

/**
 * A set of packages, and where it is declared.
 * @property file     relative to the repository
 * @property version  the version of a framework's table
 */
export interface DeclaredSet {
  readonly set: PackageSet;
  readonly file: string;
  readonly version?: string;
}

/** All sets of packages that the tests install. */
export async function findPackageSets(): Promise<DeclaredSet[]> {
  const found: DeclaredSet[] = TOOLS.map((set) => ({ set, file: 'test/packages/tools.ts' }));
  for (const file of tableFiles()) {
    const { default: framework } = (await import(join(root, file))) as { default: Framework };
    for (const version of Object.keys(framework.versions)) {
      found.push({ set: packageSetOf(framework, version), file, version });
    }
  }
  return found;
}

/** The tables of the frameworks, and of the programs that `npm run test:programs` starts. */
const tableFiles = (): string[] =>
  ['test/frameworks', 'test/programs']
    .flatMap((parent) =>
      readdirSync(join(root, parent))
        .sort()
        .map((name) => `${parent}/${name}/table.ts`),
    )
    .filter((file) => existsSync(join(root, file)));
