import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { find } from './support/chromium.ts';

/** Creates a folder with a Chromium that prints this version. */
async function folderWith(name: string, printed: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-chromium-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), `#!/bin/sh\necho '${printed}'\n`);
  await chmod(join(folder, name), 0o755);
  return folder;
}

it('finds a Chromium that is new enough for the tests of the page', async () => {
  const folder = await folderWith('google-chrome', 'Google Chrome 201.0.1.2 ');
  expect(await find(`/nowhere:${folder}`)).toEqual({ path: join(folder, 'google-chrome') });
});

it('says which version is needed when Chromium is older', async () => {
  const folder = await folderWith('chromium', 'Chromium 120.0.6099.224 built on Debian');
  expect(await find(folder)).toEqual({
    missing: `${folder}/chromium is Chromium 120.0.6099, and 156 or newer is needed; install one with: apt-get install chromium`,
  });
});

it('says how to install Chromium when there is none', async () => {
  expect(await find('/nowhere')).toEqual({
    missing: 'Chromium is not on PATH; install one with: apt-get install chromium',
  });
});
