/**
 * What is outside of the shop, in a process of its own: the payment provider, and customers who never stop coming. For a
 * shop that is started as any service is, such as the one of compose.yaml; `npm run demo` has both built in.
 *
 *   PAYMENTS_HOST, PAYMENTS_PORT    where the payment provider listens
 *   SHOP_URL                        the shop the customers go to
 */
import { startPayments } from './payments.mjs';
import { startTraffic } from './traffic.mjs';

const { PAYMENTS_HOST, PAYMENTS_PORT, SHOP_URL } = process.env;
const over = new AbortController();
const payments = await startPayments({ host: PAYMENTS_HOST, port: PAYMENTS_PORT });
const traffic = startTraffic(SHOP_URL, over.signal);
console.log(`customers go to ${SHOP_URL}, which pays at ${payments.url}`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    over.abort();
    payments.close();
    console.log(`ended; ${traffic.sent} requests were sent, ${traffic.unanswered} of them without an answer`);
  });
}
