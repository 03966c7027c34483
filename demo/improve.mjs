/**
 * Shows how much faster the fix makes the checkout: runs the shop without and with the fix, alternately and under the
 * same load, and compares the two. It runs the command that it prints, which can be pasted as well.
 *
 *   npm run demo:improve                                   takes about two minutes
 *   npm run demo:improve -- --format html --out fix.html   accepts the options of apm compare
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** p99 needs 1,000 checkouts on each side; at the rate below, six rounds have them. */
const ROUNDS = 6;

const args = [
  ...['--rounds', String(ROUNDS)],
  ...['--a', 'node demo/service.mjs'],
  ...['--b', 'SHOP_FIXED=1 node demo/service.mjs'],
  ...['--load', 'node demo/load.mjs --seconds 8 --rate 150'],
  ...process.argv.slice(2),
];
const quoted = args.map((arg) => (arg.includes(' ') ? `'${arg}'` : arg));
console.error(`npx apm compare ${quoted.join(' ')}\n`);
const root = fileURLToPath(new URL('..', import.meta.url));
const compare = spawn(process.execPath, [`${root}dist/cli/apm.js`, 'compare', ...args], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C in a terminal also reaches apm compare, which ends the processes it started. This process waits for that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => compare.kill(signal));
const [code] = await once(compare, 'exit');
process.exitCode = code ?? 1;
