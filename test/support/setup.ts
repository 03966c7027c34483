import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installNodes } from './nodes.ts';
import { root } from './root.ts';

/** Before any test: the tests run what is built, on every supported Node. */
export default async function setup(): Promise<void> {
  execFileSync(process.execPath, [join(root, 'scripts/ensure.mjs'), '--build'], { cwd: root, stdio: 'inherit' });
  await installNodes();
}
