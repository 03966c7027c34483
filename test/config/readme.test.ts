import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';

it('has tables in the README that match the code', async () => {
  const flags = ['--import', 'tsx', join(root, 'scripts/readme.mjs'), '--check'];
  const check = promisify(execFile)(process.execPath, flags, { cwd: root });
  expect(await check).toEqual({ stdout: '', stderr: '' });
});

it('links only to existing files', async () => {
  const text = await readFile(join(root, 'README.md'), 'utf8');
  const links = [...text.matchAll(/\]\(((?!https?:|#)[^)#]+)/g)].map(([, path]) => path as string);
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
