import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import type { Framework, Version } from './framework.ts';

const CACHE = join(root, '.cache', 'frameworks');

/** A folder in which one version of a framework is installed, as an app of that framework has it. */
export function install(framework: Framework, version: string): Promise<string> {
  return installPackages(`${framework.name}-${version}`, framework.versions[version] as Version);
}

/** A folder with these packages. What is there already is taken as it is while the list of packages is the same. */
export async function installPackages(title: string, { packages, overrides }: Version): Promise<string> {
  const name = slug(title);
  const wanted = JSON.stringify(
    { name: `contract-${name}`, version: '1.0.0', private: true, type: 'module', dependencies: packages, overrides },
    undefined,
    2,
  );
  // Names that differ in a sign only are one word here.
  const folder = join(CACHE, `${name}-${createHash('sha256').update(title).digest('hex').slice(0, 8)}`);
  const list = join(folder, 'package.json');
  const isThere = () => existsSync(list) && readFileSync(list, 'utf8') === wanted;
  if (isThere()) return folder;

  await mkdir(CACHE, { recursive: true });
  // In a folder of its own until it is whole: another run may be at the same.
  const partial = await mkdtemp(join(CACHE, 'partial-'));
  await writeFile(join(partial, 'package.json'), wanted);
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'], partial);
  if (!isThere()) await rm(folder, { recursive: true, force: true });
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }));
  return folder;
}

const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
