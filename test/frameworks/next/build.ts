import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { register } from '../../support/app.ts';
import type { Framework } from '../framework.ts';
import { install } from '../install.ts';

const source = join(import.meta.dirname, 'app');

/** A folder with the app, built with one version. What is built already is taken as it is while the app is the same. */
export async function build(framework: Framework, version: string): Promise<string> {
  const folder = await install(framework, version);
  const files = (await readdir(source, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const hash = createHash('sha256');
  for (const file of files.map((each) => join(each.parentPath, each.name)).sort()) {
    hash.update(relative(source, file)).update(await readFile(file));
  }
  const wanted = hash.digest('hex');
  const built = join(folder, '.built');
  if (existsSync(built) && (await readFile(built, 'utf8')) === wanted) return folder;

  for (const name of await readdir(folder)) {
    if (!['node_modules', 'package.json', 'package-lock.json'].includes(name)) {
      await rm(join(folder, name), { recursive: true });
    }
  }
  await cp(source, folder, { recursive: true });
  // The name of the same file from 16 on.
  if (Number(version) >= 16) await rename(join(folder, 'middleware.js'), join(folder, 'proxy.js'));
  await nextBuild(folder);
  // What the standalone server serves but the build leaves to be copied.
  const standalone = join(folder, '.next/standalone');
  await cp(join(folder, 'public'), join(standalone, 'public'), { recursive: true });
  await cp(join(folder, '.next/static'), join(standalone, '.next/static'), { recursive: true });
  await writeFile(built, wanted);
  return folder;
}

/** @returns what it printed. Under the preload, as with a variable that is set for all programs */
export async function nextBuild(folder: string, output = '.next'): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      CI: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      OUTPUT: output,
      NODE_OPTIONS: `--import ${register}`,
    },
  });
}
