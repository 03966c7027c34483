import { expect, test } from 'vitest';
import { DASHBOARDS } from '../../grafana/dashboards.ts';
import type { Prometheus, Sample } from '../../stack/prometheus.ts';
import { shippedPrometheus } from '../../stack/shipped.ts';
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
const STALLED = (30 / 120) * (1 / 33);

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

  // The whole service: as many as were sent, and nothing to see in the mean.
  const perSecond = await number(prometheus, 'Requests');
  expect(perSecond).toBeGreaterThan(SENT_PER_SECOND * 0.95);
  expect(perSecond).toBeLessThan(SENT_PER_SECOND * 1.05);
  const failed = await number(prometheus, 'Errors');
  expect(failed).toBeGreaterThan(FAILED * 0.8);
  expect(failed).toBeLessThan(FAILED * 1.2);
  const slow = await number(prometheus, 'Slower than $objective s');
  expect(slow).toBeGreaterThan(STALLED * 0.5);
  expect(slow).toBeLessThan(STALLED * 1.5);

  // The one endpoint: half of its users wait for a moment, one in a hundred for seconds.
  const slowest = (await panel(prometheus, 'Slowest endpoints')).map(({ metric }) => metric.path);
  expect(slowest).toEqual(['/checkout/:cart', '/orders', '/products', '/users/:id']);
  const checkout = async (refId: string) =>
    (await panel(prometheus, 'Slowest endpoints', refId)).find(({ metric }) => metric.path === slowest[0])?.value;
  expect(await checkout('A')).toBeGreaterThan(1.5);
  expect(await checkout('A')).toBeLessThanOrEqual(2.5);
  expect(await checkout('B')).toBeLessThan(0.03);
  expect(await checkout('C')).toBeLessThan(0.15);

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
