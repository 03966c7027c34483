import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installNodes, NODE_VERSIONS, OLDEST_NODE } from './nodes.ts';
import { root } from './root.ts';

const OLDEST_NPM_MAJOR = 10;

/** Before any test: the tests run what is built, on every supported Node. */
export default async function setup(): Promise<void> {
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

/** @param agent  what npm says of itself to what it runs: `npm/11.19.1 node/v20.20.2 linux x64` */
export function checkNpm(agent = ''): void {
  const [, version, major] = /\bnpm\/((\d+)\S*)/.exec(agent) ?? [];
  if (Number(major) < OLDEST_NPM_MAJOR) {
    throw new Error(`npm is ${version}, and the tests need ${OLDEST_NPM_MAJOR} or newer: npm install --global npm`);
  }
}
