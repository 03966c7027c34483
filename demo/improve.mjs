/**
 * Shows how much faster the fix makes the checkout: runs the shop without and with the fix, alternately and under the
 * same load, and compares the two.
 *
 *   npm run demo:improve                                   takes about two minutes
 *   npm run demo:improve -- --format html --out fix.html   accepts the options of apm compare
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../dist/cli/compare/sources/rounds/free-port.js';
import { startPayments } from './payments.mjs';

/** p99 needs 1,000 checkouts on each side; at the rate below, six rounds have them. */
const ROUNDS = 6;
const path = (file) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));

const payments = await startPayments();
const env = { ...process.env, PAYMENTS_URL: payments.url, SHOP_PORT: String(await findFreePort()) };
const service = `node ${path('service.mjs')}`;
const args = [
  ...['--rounds', String(ROUNDS)],
  ...['--a', service],
  ...['--b', `SHOP_FIXED=1 ${service}`],
  ...['--load', `node ${path('load.mjs')} --seconds 8 --rate 150`],
  ...process.argv.slice(2),
];
const quoted = args.map((arg) => (/[ "]/.test(arg) ? `'${arg}'` : arg));
console.error(`apm compare ${quoted.join(' ')}\n`);
const compare = spawn(
  process.execPath,
  [fileURLToPath(new URL('../dist/cli/apm.js', import.meta.url)), 'compare', ...args],
  {
    env,
    stdio: 'inherit',
  },
);
// Ctrl-C in a terminal also reaches apm compare, which ends the processes it started. This process waits for that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => compare.kill(signal));
const [code] = await once(compare, 'exit');
payments.close();
process.exitCode = code ?? 1;
