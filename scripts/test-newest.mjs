// Runs the tests on the newest release of each supported line of Node instead of the pinned one. It can fail
// without a change in this repository. Fix such a failure before `npm run versions -- --write` moves the pins.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NODE_LINES, NODE_VERSIONS, nodePackage } from '../test/support/nodes.ts';
import { newestOf, published } from './versions/registry.mjs';

const { versions } = await published(nodePackage());
const newest = NODE_LINES.map((line) => newestOf(versions, line)).filter(Boolean);
console.log(`Testing on Node ${newest.join(', ')}; the pinned versions are ${NODE_VERSIONS.join(', ')}.`);
const script = fileURLToPath(new URL('test.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, APM_TEST_NODES: newest.join(',') },
});
process.exitCode = status ?? 1;
