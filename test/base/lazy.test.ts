import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { lazy } from '../../src/base/lazy.ts';
import { root } from '../support/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'lazy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const caller = pathToFileURL(join(folder, 'caller.js')).href;

describe('lazy', () => {
  it('loads the module at the first call, and only once', () => {
    writeFileSync(
      join(folder, 'counted.cjs'),
      'globalThis.lazyLoads = (globalThis.lazyLoads ?? 0) + 1; exports.one = 1;',
    );
    const loads = () => (globalThis as { lazyLoads?: number }).lazyLoads ?? 0;
    const counted = lazy<{ one: number }>('./counted.cjs', caller);
    expect(loads()).toBe(0);
    expect(counted().one).toBe(1);
    expect(counted()).toBe(counted());
    expect(loads()).toBe(1);
  });

  it('throws what the module throws, and tries again at the next call', () => {
    const file = join(folder, 'late.cjs');
    const late = lazy<{ two: number }>('./late.cjs', caller);
    expect(late).toThrow("Cannot find module './late.cjs'");
    writeFileSync(file, 'exports.two = 2;');
    expect(late().two).toBe(2);
  });
});

/** This file and all that it loads by `import`: files by path, packages and built-in modules by name. */
function staticImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  if (!file.startsWith('/')) return found;
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/^import (?!type\b).*?['"](.+?)['"];$/gms)) {
    staticImports(name.startsWith('.') ? join(dirname(file), name) : name, found);
  }
  return found;
}

it('imports no built-in module and no package in the preload, because every process would start later', () => {
  const files = [...staticImports(join(root, 'dist/register.js'))];
  expect(files).toContain(join(root, 'dist/base/lazy.js'));
  expect(files.filter((file) => !file.startsWith('/'))).toEqual([]);
});
