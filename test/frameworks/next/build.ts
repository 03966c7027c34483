import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { readExamples } from '../../bundlers/examples.ts';
import { register } from '../../support/app.ts';
import { placeOwnPackage, placePackage } from '../../support/packed.ts';
import { atEnd } from '../../support/shared.ts';
import type { Framework } from '../framework.ts';
import { exampleOf } from '../handler-example.ts';
import { install } from '../install.ts';

const source = join(import.meta.dirname, 'app');

/** The folders of apps with their own configuration, beside the one that `buildApp` builds. */
const BUNDLED = 'bundled';
const BASED = 'based';

/** Builds the app with one version, unless a build of the same app is cached. @returns the folder */
export async function buildApp(framework: Framework, version: string): Promise<string> {
  const folder = await install(framework, version);
  const documented = await documentedRoutes();
  const wanted = (await hashOf(source)) + createHash('sha256').update(JSON.stringify(documented)).digest('hex');
  // Under the preload its dependencies are not needed.
  await placeOwnPackage(folder);
  if (await isBuilt(folder, wanted)) return folder;

  for (const name of await readdir(folder)) {
    if (!['node_modules', 'package.json', 'package-lock.json', BUNDLED, BASED].includes(name)) {
      await rm(join(folder, name), { recursive: true });
    }
  }
  await cp(source, folder, { recursive: true });
  for (const [file, text] of Object.entries(documented)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  // Next 16 renamed this file.
  if (Number(version) >= 16) await rename(join(folder, 'middleware.js'), join(folder, 'proxy.js'));
  await runNextBuild(folder);
  // The standalone server also serves these folders, but the build does not copy them.
  const standalone = join(folder, '.next/standalone');
  await cp(join(folder, 'public'), join(standalone, 'public'), { recursive: true });
  await cp(join(folder, '.next/static'), join(standalone, '.next/static'), { recursive: true });
  await writeFile(join(folder, '.built'), wanted);
  return folder;
}

/** Builds the app with a base path, locales and trailing slashes, unless that build is cached. @returns the folder */
export async function buildBasedApp(framework: Framework, version: string): Promise<string> {
  const folder = join(await install(framework, version), BASED);
  const from = join(import.meta.dirname, BASED);
  const wanted = await hashOf(from);
  if (await isBuilt(folder, wanted)) return folder;
  await rm(folder, { recursive: true, force: true });
  await cp(from, folder, { recursive: true });
  await promisify(execFile)(process.execPath, ['../node_modules/next/dist/bin/next', 'build'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CI: '1', NEXT_TELEMETRY_DISABLED: '1' },
  });
  await writeFile(join(folder, '.built'), wanted);
  return folder;
}

/** Changes with the files of a folder. */
async function hashOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const hash = createHash('sha256');
  for (const file of files.map((each) => join(each.parentPath, each.name)).sort()) {
    hash.update(relative(folder, file)).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function isBuilt(folder: string, wanted: string): Promise<boolean> {
  const built = join(folder, '.built');
  return existsSync(built) && (await readFile(built, 'utf8')) === wanted;
}

/** The routes of docs/handler.md, in JavaScript: TypeScript would have to be installed in the app. */
async function documentedRoutes(): Promise<Record<string, string>> {
  const compiled = async (number: number) =>
    (await transform(await exampleOf('Next.js', number), { loader: 'ts' })).code;
  return { 'app/metrics/route.js': await compiled(1), 'pages/api/metrics.js': await compiled(2) };
}

/**
 * Builds an app whose instrumentation.js is the example in docs/bundlers.md, and moves the standalone server elsewhere.
 * @param args  of `next build`
 * @returns the folder with server.js, without anything of this repository above it
 */
export async function buildStandalone(framework: Framework, version: string, args: readonly string[]): Promise<string> {
  const folder = join(await install(framework, version), BUNDLED);
  await rm(folder, { recursive: true, force: true });
  await cp(join(import.meta.dirname, BUNDLED), folder, { recursive: true });
  await writeFile(join(folder, 'instrumentation.js'), readExamples()['instrumentation.js'] as string);
  // Turbopack resolves packages only within its root: the folder of the install, where this package is no part of a lock.
  await placePackage(folder);
  await promisify(execFile)(process.execPath, ['../node_modules/next/dist/bin/next', 'build', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', CI: '1', NEXT_TELEMETRY_DISABLED: '1' },
  });
  const moved = await mkdtemp(join(tmpdir(), 'apm-next-'));
  atEnd(() => rm(moved, { recursive: true, force: true }));
  await cp(join(folder, '.next/standalone'), moved, { recursive: true, verbatimSymlinks: true });
  return join(moved, BUNDLED);
}

/** Runs `next build` with the preload, as when NODE_OPTIONS is set for all programs. @returns its output */
export async function runNextBuild(folder: string, output = '.next'): Promise<{ stdout: string; stderr: string }> {
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
