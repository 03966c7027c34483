import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { VARIABLES } from '../src/config/variables.ts';
import { root } from './support/root.ts';

it('SECURITY.md names only existing variables and files, and the right defaults', async () => {
  const text = await readFile(join(root, 'SECURITY.md'), 'utf8');
  const known = new Set(Object.values(VARIABLES).map(({ variable }) => variable as string));
  const named = new Set(text.match(/\b(OTEL|APM)_[A-Z_]+\b/g));
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
  expect(`${VARIABLES.host.fallback}:${VARIABLES.port.fallback}`).toBe('localhost:9464');
  expect(text).toContain('`localhost:9464`');
  for (const [, path] of text.matchAll(/\]\(([\w./-]+)\)/g)) await readFile(join(root, path as string));
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(Object.keys(scripts)).toContain('sbom');
  // npm must not run any script at installation.
  expect(Object.keys(scripts).filter((name) => /install|prepare/.test(name))).toEqual([]);
});
