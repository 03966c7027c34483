import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { installNodes } from './nodes.ts';
import { root } from './root.ts';

/** Every project of vitest sets itself up; the first one does it for all. */
const once = globalThis as { apmTestsPrepared?: Promise<void> };

export default function setup(): Promise<void> {
  once.apmTestsPrepared ??= prepare();
  return once.apmTestsPrepared;
}

/** The tests run what is built, on every supported Node. */
async function prepare(): Promise<void> {
  execFileSync(process.execPath, [join(root, 'scripts/ensure.mjs'), '--build'], { cwd: root, stdio: 'inherit' });
  await installNodes();
}
