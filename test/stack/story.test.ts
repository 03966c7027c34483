import { expect, test } from 'vitest';
import { DASHBOARDS } from '../../grafana/dashboards.ts';
import type { Prometheus, Sample } from '../../stack/prometheus.ts';
import { shippedPrometheus } from '../../stack/shipped-config.ts';
import { AN_HOUR, expressions } from '../grafana/expressions.ts';
import { until } from '../support/exposition.ts';
import { impatient } from './support/impatient.ts';
import { needs } from './support/needs.ts';
import { runPrometheus } from './support/run.ts';
import { startShop } from './support/shop.ts';

const takes = needs('prometheus');

/** What the customers do (demo/traffic.mjs, demo/payments.mjs), and so what the dashboard has to show. */
const SENT_PER_SECOND = 60;
const FAILED = 1 / 120;
const NO_SUCH_USER = 1 / 120;
const NOT_FOUND = 1 / 120;
const CHECKOUTS = 30 / 120;
const STALLED_CALLS = 1 / 33;
/** Seconds. */
const MEAN_STALL = 2;
const STALLED = CHECKOUTS * STALLED_CALLS;
/** Seconds that all the others take: products 9 ms, users 3.5, orders 16.5, checkouts 15. */
const REST_MEAN = (24 * 0.009 + 49 * 0.0035 + 16 * 0.0165 + 30 * 0.015) / 120;

/** What a panel of the Service dashboard asks for, answered. */
async function panel(prometheus: Prometheus, title: string, refId = 'A'): Promise<Sample[]> {
  const values = { ...AN_HOUR, __rate_interval: '30s' };
  const asked = expressions(DASHBOARDS.service as (typeof DASHBOARDS)[string], values);
  const found = asked.find((one) => one.panel === title && one.refId === refId);
  if (!found) throw new Error(`no panel ${title} ${refId}`);
  return prometheus.query(found.expr);
}

const number = async (...args: Parameters<typeof panel>) => (await panel(...args))[0]?.value;

test('the endpoint that stalls is first in Slowest endpoints and its alert fires, while its mean looks harmless', {
  timeout: 180_000,
}, async (context) => {
  const shop = await startShop();
  const services = [{ targets: [shop.target], labels: { job: 'shop' } }];
  const prometheus = await runPrometheus(
    impatient(shippedPrometheus(takes('prometheus', context), { services }, '1s')),
  );
  await until(
    () => prometheus.query('count_over_time(up{job="shop"}[2m]) >= 45'),
    (found) => found.length > 0,
    90,
  );

  // The whole service: as many as were sent, and nothing to see in the mean. What is slow on a busy machine besides
  // those that were made to wait is slow in truth.
  const shows = async (truth: number, least: number, most: number, ...asked: [title: string, refId?: string]) => {
    const shown = await number(prometheus, ...asked);
    expect(shown, asked.join()).toBeGreaterThan(truth * least);
    expect(shown, asked.join()).toBeLessThan(truth * most);
  };
  await shows(SENT_PER_SECOND, 0.9, 1.1, 'Requests');
  await shows(SENT_PER_SECOND, 0.9, 1.1, 'Requests by version');
  await shows(SENT_PER_SECOND * (NO_SUCH_USER + NOT_FOUND), 0.8, 1.2, 'Requests by status', 'C');
  await shows(SENT_PER_SECOND * FAILED, 0.8, 1.2, 'Requests by status', 'D');
  await shows(FAILED, 0.8, 1.2, 'Errors');
  await shows(NOT_FOUND, 0.8, 1.2, 'Requests without an endpoint');
  await shows(STALLED, 0.5, 10, 'Slower than $objective s');
  await shows(REST_MEAN + STALLED * MEAN_STALL, 0.4, 5, 'Percentiles and mean', 'D');
  expect(await number(prometheus, 'Above the top bound')).toBe(0);
  expect(await number(prometheus, 'Processes')).toBe(1);

  // The one endpoint: half of its users wait for a moment, one in a hundred for seconds.
  const slowest = (await panel(prometheus, 'Slowest endpoints')).map(({ metric }) => metric.path);
  expect([slowest[0], ...slowest.toSorted()]).toEqual([
    '/checkout/:cart',
    ...['/checkout/:cart', '/orders', '/products', '/users/:id'],
  ]);
  const checkout = async (refId: string) =>
    (await panel(prometheus, 'Slowest endpoints', refId)).find(({ metric }) => metric.path === slowest[0])?.value;
  expect(await checkout('A')).toBeGreaterThan(1.5);
  expect(await checkout('B')).toBeLessThan(0.15);
  expect(await checkout('C')).toBeLessThan(0.4);

  const firing = await until(
    () => prometheus.query('ALERTS{alertname="HttpTailGapWidening", alertstate="firing"}'),
    (found) => found.length > 0,
    30,
  );
  expect(firing.map(({ metric }) => [metric.job, metric.method, metric.path])).toEqual([
    ['shop', 'GET', '/checkout/:cart'],
  ]);

  // To the last one.
  const sent = await shop.empty();
  await until(
    () => prometheus.query('sum(http_requests_total{job="shop"})'),
    ([total]) => total?.value === sent,
  );
});
