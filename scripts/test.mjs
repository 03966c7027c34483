// Runs vitest with the given arguments on an exact version of Node, which is also the `node` on PATH. So the result does not
// depend on the installed Node.
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { installNodes, node, OLDEST_NODE } from '../test/support/nodes.ts';
import { root } from '../test/support/root.ts';

await installNodes();
const binary = node(OLDEST_NODE);
const { PATH = '', npm_node_execpath = process.execPath } = process.env;
const vitest = spawn(binary, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  // npm still runs on the installed Node, because the installed npm may not support this version.
  env: { ...process.env, PATH: `${dirname(binary)}${delimiter}${PATH}`, npm_node_execpath },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => vitest.kill(signal));
vitest.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : code;
});
