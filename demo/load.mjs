/**
 * The load of one round of `apm compare`: sends requests to the shop for some seconds, and ends when every request has its
 * answer. The shop is at SHOP_PORT, or where its status says: apm compare gives APM_METRICS_URL.
 *
 *   SHOP_PORT=3000 node demo/load.mjs --seconds 8 --rate 150
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startTraffic } from './traffic.mjs';

const { SHOP_PORT, APM_METRICS_URL, APM_AUTH_TOKEN } = process.env;

async function findShop() {
  if (SHOP_PORT) return `http://localhost:${SHOP_PORT}`;
  if (!APM_METRICS_URL) throw new Error('SHOP_PORT is missing: the port of the shop');
  const headers = APM_AUTH_TOKEN ? { authorization: `Bearer ${APM_AUTH_TOKEN}` } : {};
  for (;;) {
    const { servers } = await (await fetch(new URL('/status', APM_METRICS_URL), { headers })).json();
    if (servers.length > 0) return servers[0].address;
    await wait(50);
  }
}

const { seconds, rate } = parseArgs({ options: { seconds: { type: 'string' }, rate: { type: 'string' } } }).values;
const traffic = startTraffic(await findShop(), new AbortController().signal, Number(rate));
await wait(Number(seconds) * 1000);
await traffic.finish();
if (traffic.unanswered > 0) {
  console.error(`${traffic.unanswered} of ${traffic.sent} requests got no answer`);
  process.exitCode = 1;
}
