import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';

it("keeps the README's tables as what they are tables of", async () => {
  const flags = ['--import', 'tsx', join(root, 'scripts/readme.mjs'), '--check'];
  const check = promisify(execFile)(process.execPath, flags, { cwd: root });
  expect(await check).toEqual({ stdout: '', stderr: '' });
});
