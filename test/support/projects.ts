import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { root } from './root.ts';

/** The projects of vitest.config.ts. `npm run test:unit`, and so on, runs one; `npm test` runs all. */
export const PROJECT_NAMES = ['unit', 'apps', 'frameworks', 'stack', 'browser', 'soak'] as const;
export type ProjectName = (typeof PROJECT_NAMES)[number];

/**
 * The project of a test file, by its path and by what it imports, so that no list has to be kept. The first rule that
 * fits decides:
 * - `soak`: test/soak.test.ts, which takes the whole machine.
 * - `frameworks`: test/frameworks.
 * - `stack`: test/stack and test/deploy, and tests that need one of their programs (they import
 *   test/stack/support/needed-programs.ts).
 * - `browser`: it opens a page (it imports playwright-core).
 * - `apps`: it starts a process (it imports node:child_process, mostly by test/support/app.ts).
 * - `unit`: everything else. It calls src directly.
 * @param file  from the root of the repository: `test/route/resolver.test.ts`
 */
export function projectOf(file: string): ProjectName {
  if (file === 'test/soak.test.ts') return 'soak';
  if (file.startsWith('test/frameworks/')) return 'frameworks';
  if (file.startsWith('test/stack/') || file.startsWith('test/deploy/')) return 'stack';
  const imports = importedBy(file);
  if (imports.has('test/stack/support/needed-programs.ts')) return 'stack';
  if (imports.has('playwright-core')) return 'browser';
  return imports.has('node:child_process') ? 'apps' : 'unit';
}

/** Every test file, from the root of the repository. */
export function testFiles(): string[] {
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return all
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${name.split(sep).join('/')}`)
    .sort();
}

/**
 * What a file imports, directly or by other files of this repository: files by their path, packages by their name. What
 * `src` imports is left out: that it can start a process does not mean that a test of it does.
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
