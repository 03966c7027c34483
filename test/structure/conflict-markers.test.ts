import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';

/** Folders with files of others, or with what is built. */
const SKIPPED = ['node_modules', 'dist'];
const MARKER = /^(<{7}|={7}|>{7})( |$)/m;

/** The files of the project with these endings, below a folder. */
function listFiles(folder: string, endings: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || SKIPPED.includes(entry.name) ? [] : listFiles(path, endings);
    }
    return entry.isFile() && endings.test(entry.name) ? [path] : [];
  });
}

it('has no file with the markers of an unfinished merge', () => {
  const files = listFiles(root, /\.(md|ts|mjs|json|jsonc|ya?ml)$/);
  expect(files.length).toBeGreaterThan(500);
  expect(files.filter((file) => MARKER.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it.each(['<<<<<<< HEAD', '=======', '>>>>>>> other'])('takes %s at the start of a line for such a marker', (line) => {
  expect(MARKER.test(`a\n${line}\nb`)).toBe(true);
});
