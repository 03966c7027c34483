import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { root } from './root.ts';

/** The projects of vitest.config.ts. `npm run test:unit`, and so on, runs one; `npm test` runs all except `programs`. */
export const PROJECT_NAMES = [
  'unit',
  'apps',
  'frameworks',
  'databases',
  'stack',
  'browser',
  'soak',
  'programs',
] as const;
export type ProjectName = (typeof PROJECT_NAMES)[number];

/**
 * The project of a test file follows from its path and its imports, so that no list needs maintenance. The first
 * rule that fits decides:
 * - `soak`: test/soak.test.ts, which uses the whole machine.
 * - `frameworks`: test/frameworks.
 * - `databases`: test/databases, whose files share one start of the database servers.
 * - `programs`: test/programs, real programs that take too long for each run: `npm run test:programs`.
 * - `stack`: test/stack and test/deploy, and tests that import test/stack/support/needed-programs.ts for a program of the stack.
 * - `browser`: tests that import playwright-core to open a page.
 * - `apps`: tests that import node:child_process, mostly through test/support/app.ts, to start a process.
 * - `unit`: all other tests. They call src directly.
 * @param file  from the root of the repository: `test/route/resolver.test.ts`
 */
export function projectOf(file: string): ProjectName {
  if (file === 'test/soak.test.ts') return 'soak';
  if (file.startsWith('test/frameworks/')) return 'frameworks';
  if (file.startsWith('test/databases/')) return 'databases';
  if (file.startsWith('test/programs/')) return 'programs';
  if (file.startsWith('test/stack/') || file.startsWith('test/deploy/')) return 'stack';
  const imports = importedBy(file);
  if (imports.has('test/stack/support/needed-programs.ts')) return 'stack';
  if (imports.has('playwright-core')) return 'browser';
  return imports.has('node:child_process') ? 'apps' : 'unit';
}

/** The paths of all test files, from the root of the repository. */
export function testFiles(): string[] {
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return all
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.split(sep).join('/')}`)
    .sort();
}

/**
 * The imports of a file, direct and through other files of this repository: files by path, packages by name. Imports of
 * `src` are not followed: a function that can start a process does not start one in every test.
 */
function importedBy(file: string, found = new Set<string>()): Set<string> {
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, type, specifier = ''] of text.matchAll(/(?:\bfrom|(\btypeof )?\bimport\(|\bimport) ?'([^']+)'/g)) {
    const path = specifier.startsWith('.') ? join(dirname(file), specifier).split(sep).join('/') : specifier;
    if (type || found.has(path)) continue;
    found.add(path);
    const isRead = path !== specifier && !path.startsWith('src/') && existsSync(join(root, path));
    if (isRead) importedBy(path, found);
  }
  return found;
}
