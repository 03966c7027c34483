import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from '../support/root.ts';

it("keeps the README's table of variables as the rows are", async () => {
  const check = promisify(execFile)(process.execPath, [join(root, 'scripts/readme.mjs'), '--check']);
  expect(await check).toEqual({ stdout: '', stderr: '' });
});
