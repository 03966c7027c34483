import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { TestContext } from 'vitest';
import { root } from '../../support/root.ts';
import { atEnd } from '../../support/shared.ts';

/**
 * A folder of an app with installed packages. It is removed at the end.
 * @param packages the folder that has them
 * @param files    of test/databases/apps, by the names that they get
 * @param test     of a test that runs beside others, which only ends with that test
 */
export async function createAppFolder(
  packages: string,
  type: 'module' | 'commonjs',
  files: Readonly<Record<string, string>>,
  test?: TestContext,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-app-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  if (test === undefined) atEnd(remove);
  else test.onTestFinished(remove);
  await symlink(join(packages, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: basename(folder), private: true, type }));
  for (const [name, file] of Object.entries(files)) {
    await copyFile(join(root, 'test/databases/apps', file), join(folder, name));
  }
  return folder;
}
