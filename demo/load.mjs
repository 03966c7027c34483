/**
 * The load of one round of `apm compare`: sends requests to the shop at SHOP_PORT for some seconds, and ends when every
 * request has its answer.
 *
 *   SHOP_PORT=3000 node demo/load.mjs --seconds 8 --rate 150
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startTraffic } from './traffic.mjs';

const { seconds, rate } = parseArgs({ options: { seconds: { type: 'string' }, rate: { type: 'string' } } }).values;
const traffic = startTraffic(`http://localhost:${process.env.SHOP_PORT}`, new AbortController().signal, Number(rate));
await wait(Number(seconds) * 1000);
await traffic.finish();
if (traffic.unanswered > 0) {
  console.error(`${traffic.unanswered} of ${traffic.sent} requests got no answer`);
  process.exitCode = 1;
}
