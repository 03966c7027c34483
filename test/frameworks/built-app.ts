import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Framework } from './framework.ts';
import { install } from './install.ts';

/** The texts of the files of an app by their paths. */
export type Files = Readonly<Record<string, string>>;

/**
 * @property command  the file of the build tool, relative to the folder of the app, and its arguments
 * @property node     that runs the build tool
 */
export interface Build {
  readonly files: Files;
  readonly command: readonly [file: string, ...args: string[]];
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Writes an app into the folder with the packages of one version and builds it, unless a build of the same app is there.
 * @param name  of this build, if the folder has several
 * @returns the folder
 */
export async function buildApp(framework: Framework, version: string, build: Build, name = 'built'): Promise<string> {
  const folder = await install(framework, version);
  const { files, command, node = process.execPath, env = {} } = build;
  const wanted = JSON.stringify({ files, command, env });
  const built = join(folder, `.${name}`);
  if (existsSync(built) && (await readFile(built, 'utf8')) === wanted) return folder;
  await rm(built, { force: true });
  await writeFiles(folder, files);
  await promisify(execFile)(node, [...command], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CI: '1', ...env },
  });
  await writeFile(built, wanted);
  return folder;
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
