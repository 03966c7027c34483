/**
 * What the shop needs around it, as one process: the payment provider, and customers who send requests until it ends.
 * compose.yaml starts this process beside its shop; `npm run demo` has both built in.
 *
 *   PAYMENTS_HOST, PAYMENTS_PORT    address on which the payment provider listens
 *   SHOP_URL                        the shop that the customers send requests to
 */
import { startPayments } from './payments.mjs';
import { startTraffic } from './traffic.mjs';

const { PAYMENTS_HOST, PAYMENTS_PORT, SHOP_URL } = process.env;
const controller = new AbortController();
const payments = await startPayments({ host: PAYMENTS_HOST, port: PAYMENTS_PORT });
const traffic = startTraffic(SHOP_URL, controller.signal);
console.log(`customers send requests to ${SHOP_URL}; the payment provider listens at ${payments.url}`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    controller.abort();
    payments.close();
    console.log(`ended; ${traffic.sent} requests were sent, ${traffic.unanswered} of them got no answer`);
  });
}
