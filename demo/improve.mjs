/**
 * What the fix of the checkout is worth: the shop before and after it, run by turns under the same load, and compared.
 *
 *   npm run demo:improve                                 about two minutes
 *   npm run demo:improve -- --format html --out fix.html and whatever else apm compare takes
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startPayments } from './payments.mjs';

/** Together with the rate enough for a tail: p99 of the checkout needs a thousand of them on each side. */
const ROUNDS = 6;
const path = (file) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));

async function freePort() {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const payments = await startPayments();
const env = { ...process.env, PAYMENTS_URL: payments.url, SHOP_PORT: String(await freePort()) };
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
// A terminal's Ctrl-C reaches apm compare too, which ends what it has started; this one waits for that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => compare.kill(signal));
const [code] = await once(compare, 'exit');
payments.close();
process.exitCode = code ?? 1;
