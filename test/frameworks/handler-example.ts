import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { type Answer, get } from '../expose/get.ts';
import { installPackages } from '../packages/install.ts';
import type { PackageSet } from '../packages/package-set.ts';
import { type App, launch } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { NODE_VERSIONS, type NodeVersion, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import { atEnd } from '../support/shared.ts';

const [OLDEST] = NODE_VERSIONS;

/** Creates a folder for an app, with installed packages and this one. It is removed after the test. */
async function exampleFolder(packages: PackageSet): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-handler-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  // The installed folder is shared, so this package is in the folder above.
  await mkdir(join(folder, 'node_modules/@org'), { recursive: true });
  await symlink(root, join(folder, 'node_modules/@org/apm'));
  await mkdir(join(folder, 'app'));
  await symlink(join(await installPackages(packages), 'node_modules'), join(folder, 'app/node_modules'));
  return join(folder, 'app');
}

/** One code block of docs/handler.md. @param number  1 for the first block below the heading */
export async function exampleOf(heading: string, number = 1): Promise<string> {
  const text = await readFile(join(root, 'docs/handler.md'), 'utf8');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const block = section.split('\n## ')[0]?.split(/^```\w*$/m)[number * 2 - 1];
  if (block === undefined) throw new Error(`docs/handler.md has no example ${number} below "${heading}"`);
  return block;
}

/** Starts an example as an app that has installed its packages and this one. */
export async function startExample(
  code: string,
  packages: PackageSet,
  env: Record<string, string> = {},
  on: NodeVersion = OLDEST,
): Promise<{ app: App; url: (path: string) => string }> {
  const folder = await exampleFolder(packages);
  const port = await freePort();
  const source = `${code.replace('3000', port)}
process.on('message', () => apm.shutdown().then(() => process.send('shut down')));`;
  const compilerOptions = { experimentalDecorators: true };
  const program = await transform(source, { loader: 'ts', format: 'esm', tsconfigRaw: { compilerOptions } });
  const file = join(folder, 'app.mjs');
  await writeFile(file, program.code);
  const app = launch(file, { node: node(on), flags: [], env, cwd: folder });
  return { app, url: (path) => `http://127.0.0.1:${port}${path}` };
}

/** Sends a request as soon as the app listens. */
export const answered = async (app: App, url: string, options?: RequestOptions): Promise<Answer> =>
  (await until(
    () => get(url, options).catch(() => undefined),
    (found) => {
      if (app.child.exitCode !== null) throw new Error(`the app exited:\n${app.stderr}`);
      return found !== undefined;
    },
  )) as Answer;
