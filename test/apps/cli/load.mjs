// Requests PATHS from the shop, one after another, and logs the side and round to CALLS.
import { appendFileSync } from 'node:fs';

const { SHOP_PORT, CALLS, SIDE, ROUND, APM_METRICS_URL, PATHS = '/a,/a,/b', PIDS } = process.env;
appendFileSync(CALLS, `${SIDE}${ROUND} ${new URL(APM_METRICS_URL).pathname}\n`);
appendFileSync(PIDS, `${process.pid}\n`);
for (const path of PATHS.split(',')) {
  const response = await fetch(`http://127.0.0.1:${SHOP_PORT}${path}`);
  await response.text();
}
