import { join } from 'node:path';
import { freePorts } from '../../../stack/ports.ts';
import { launch, root } from '../../support/app.ts';
import { requests, until } from '../../support/exposition.ts';

export interface Shop {
  /** The scrape target, `host:port`. */
  target: string;
  /** Ends the customers. @returns how many requests they sent */
  endCustomers(): Promise<number>;
}

/** Every endpoint of the demo's shop with each of its status codes. */
const ENDPOINTS = [
  'GET /checkout/:cart 200',
  'GET /products 200',
  'GET /users/:id 200',
  'GET /users/:id 404',
  'GET unmatched 404',
  'POST /orders 201',
  'POST /orders 500',
];

/** Starts the demo's shop and its customers, and waits until each endpoint has given each status. Ends with the test. */
export async function startShop(env: Record<string, string> = {}): Promise<Shop> {
  const [shopPort, paymentsPort] = (await freePorts(2)).map(String) as [string, string];
  const shop = launch(join(root, 'demo/service.mjs'), {
    env: { SHOP_PORT: shopPort, PAYMENTS_URL: `http://localhost:${paymentsPort}`, ...env },
  });
  await shop.waitForOutput(/^the shop is open/m);
  const [, metrics] = (await shop.waitForOutput(/metrics at (\S+)/)) as unknown as [string, string];
  const outside = launch(join(root, 'demo/surroundings.mjs'), {
    flags: [],
    env: { SHOP_URL: `http://localhost:${shopPort}`, PAYMENTS_PORT: paymentsPort },
  });
  const { APM_METRIC_PREFIX: prefix = '' } = env;
  const unprefixed = (text: string) => text.replaceAll(`\n${prefix}http_`, '\nhttp_');
  const answers = async () => Object.keys(requests(unprefixed(await (await fetch(metrics)).text()))).sort();
  await until(answers, (all) => all.join() === ENDPOINTS.join());
  return {
    target: new URL(metrics).host,
    async endCustomers() {
      outside.child.kill('SIGTERM');
      const [, sent] = await outside.waitForOutput(/^ended; (\d+) requests were sent/m);
      return Number(sent);
    },
  };
}
