import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import { register } from '../../support/app.ts';
import { root } from '../../support/root.ts';
import type { Framework } from '../framework.ts';
import { exampleOf } from '../handler-example.ts';
import { install } from '../install.ts';

const source = join(import.meta.dirname, 'app');

/** Builds the app with one version, unless a build of the same app is cached. @returns the folder */
export async function buildApp(framework: Framework, version: string): Promise<string> {
  const folder = await install(framework, version);
  const files = (await readdir(source, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  const hash = createHash('sha256');
  for (const file of files.map((each) => join(each.parentPath, each.name)).sort()) {
    hash.update(relative(source, file)).update(await readFile(file));
  }
  const documented = await documentedRoutes();
  const wanted = hash.update(JSON.stringify(documented)).digest('hex');
  await copyOwnPackage(folder);
  const built = join(folder, '.built');
  if (existsSync(built) && (await readFile(built, 'utf8')) === wanted) return folder;

  for (const name of await readdir(folder)) {
    if (!['node_modules', 'package.json', 'package-lock.json'].includes(name)) {
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
  await writeFile(built, wanted);
  return folder;
}

/** The routes of docs/handler.md, in JavaScript: TypeScript would have to be installed in the app. */
async function documentedRoutes(): Promise<Record<string, string>> {
  const compiled = async (number: number) =>
    (await transform(await exampleOf('Next.js', number), { loader: 'ts' })).code;
  return { 'app/metrics/route.js': await compiled(1), 'pages/api/metrics.js': await compiled(2) };
}

/** Copies this package into the app: Turbopack follows no link out of it. Under the preload its dependencies are not needed. */
async function copyOwnPackage(folder: string): Promise<void> {
  const copy = join(folder, 'node_modules/@org/apm');
  await rm(copy, { recursive: true, force: true });
  await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
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
