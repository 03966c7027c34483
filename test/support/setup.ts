import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installNodes, NODE_VERSIONS, OLDEST_NODE } from './nodes.ts';
import { root } from './root.ts';

const OLDEST_NPM_MAJOR = 10;

/** vitest calls `setup` for every project. The first call prepares the tests of all projects. */
const once = globalThis as { apmTestsPrepared?: Promise<void> };

export default function setup(): Promise<void> {
  once.apmTestsPrepared ??= prepare();
  return once.apmTestsPrepared;
}

/** Tests of processes run dist on every supported Node, so build it and install the Nodes. */
async function prepare(): Promise<void> {
  checkNpm(process.env.npm_config_user_agent);
  const installed = process.versions.node;
  if (!(NODE_VERSIONS as string[]).includes(installed)) {
    console.log(
      `The tests run on Node ${installed}, which may differ from ${OLDEST_NODE}, on which npm test runs them.`,
    );
  }
  execFileSync(process.execPath, [join(root, 'scripts/ensure.mjs'), '--build'], { cwd: root, stdio: 'inherit' });
  await installNodes();
}

/** @param agent  the user agent of the running npm: `npm/11.19.1 node/v20.20.2 linux x64` */
export function checkNpm(agent = ''): void {
  const [, version, major] = /\bnpm\/((\d+)\S*)/.exec(agent) ?? [];
  if (Number(major) < OLDEST_NPM_MAJOR) {
    throw new Error(`npm is ${version}, and the tests need ${OLDEST_NPM_MAJOR} or newer: npm install --global npm`);
  }
}
