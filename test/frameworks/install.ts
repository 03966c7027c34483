import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../support/nodes.ts';
import { root } from '../support/root.ts';
import type { Framework, Version } from './framework.ts';

const CACHE = join(root, '.cache', 'frameworks');

/**
 * A folder in which one version of a framework is installed, as an app of that framework has it. What is there already
 * is taken as it is while the list of packages is the same.
 */
export async function install(framework: Framework, version: string): Promise<string> {
  const name = slug(`${framework.name}-${version}`);
  const { packages, overrides } = framework.versions[version] as Version;
  const wanted = JSON.stringify(
    { name: `contract-${name}`, version: '1.0.0', private: true, type: 'module', dependencies: packages, overrides },
    undefined,
    2,
  );
  const folder = join(CACHE, name);
  const list = join(folder, 'package.json');
  if (existsSync(list) && readFileSync(list, 'utf8') === wanted) return folder;

  await mkdir(CACHE, { recursive: true });
  // In a folder of its own until it is whole: another run may be at the same.
  const partial = await mkdtemp(join(CACHE, 'partial-'));
  await writeFile(join(partial, 'package.json'), wanted);
  await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'], partial);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }));
  return folder;
}

const slug = (text: string) => text.toLowerCase().replace(/[^a-z0-9.]+/g, '-');
