import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './support/root.ts';

/** The short version of `npm run soak`; how memory goes over half an hour only the long one tells. */
it('counts exactly and leaks nothing while workers come and go at full rate', async () => {
  const run = promisify(execFile)(process.execPath, ['soak/run.mjs', '--seconds', '30'], {
    cwd: root,
    timeout: 170_000,
  });
  const { stdout } = await run.catch((failed) => failed as { stdout: string });
  const lines = stdout.split('\n').filter((line) => line.startsWith('| '));
  // Three processes that live, the counts of two parts, and the heading.
  expect(lines.length).toBe(2 + 3 * 6 + 5 + 1 + 5);
  // How late the event loop is depends on the machine, and is the long run's to judge.
  expect(lines.filter((line) => line.includes('not ok') && !line.includes('event loop'))).toEqual([]);
});
