import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './support/root.ts';

/** The short version of `npm run soak`. Only the long version shows how memory grows over half an hour. */
it('counts exactly and leaks nothing while workers are replaced under full load', async () => {
  const run = promisify(execFile)(process.execPath, ['soak/run.mjs', '--seconds', '30'], {
    cwd: root,
    timeout: 170_000,
  });
  const { stdout } = await run.catch((failed) => failed as { stdout: string });
  const lines = stdout.split('\n').filter((line) => line.startsWith('| '));
  // The rows of three processes, the counts of two parts, and the heading.
  expect(lines.length).toBe(2 + 3 * 6 + 5 + 1 + 5);
  // The delay of the event loop depends on the machine, so only the long run checks it.
  expect(lines.filter((line) => line.includes('not ok') && !line.includes('event loop'))).toEqual([]);
});
