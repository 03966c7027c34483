import { expect, it, onTestFinished } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { labels, samples } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';
import { waitForOutcome } from '../support/outcome.ts';
import { seededRandom } from '../support/seeded-random.ts';

const REQUESTS = 10_000;
const PATHS = ['/orders', '/users', '/events', '/untimed'];
const METHODS = ['GET', 'POST'];

async function start(): Promise<App> {
  return startApp('test/apps/context/random.mjs', {
    env: {
      PORT: await freePort(),
      // One for both processes.
      OTEL_EXPORTER_PROMETHEUS_PORT: await freePort(),
      APM_CONTEXT: 'true',
      APM_SLOW: '0.01',
      APM_IGNORE_PATHS: '/',
      APM_UNTIMED_PATHS: '/untimed',
      APM_ROUTES: PATHS.join(),
    },
  });
}

function getOrAdd(all: Record<string, Record<string, number>>, key: string): Record<string, number> {
  all[key] ??= {};
  return all[key];
}

/** Adds up the samples of a metric by path and method, and by a further label. */
function sum(text: string, metric: string, by: string): Record<string, Record<string, number>> {
  const sums: Record<string, Record<string, number>> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (!sample.startsWith(`${metric}{`)) continue;
    const { path, method, [by]: further = '' } = labels(sample);
    const endpoint = getOrAdd(sums, `${method} ${path}`);
    endpoint[further] = (endpoint[further] ?? 0) + value;
  }
  return sums;
}

const total = (values: Record<string, number> = {}) => Object.values(values).reduce((all, value) => all + value, 0);

it('spends in all what 10,000 random requests took, for each path and method, over several processes', async () => {
  const app = await start();
  const client = new Client(32);
  onTestFinished(() => client.close());
  const random = seededRandom(10_000);
  const pick = (all: readonly string[]) => all[Math.floor(random() * all.length)] as string;
  const lines = Array.from({ length: REQUESTS }, () => `${pick(METHODS)} ${pick(PATHS)}`);
  await Promise.all(lines.map((line) => client.send(app.port, line).catch(() => 0)));
  await waitForOutcome(app, REQUESTS);
  const text = await app.scrape();

  const durations = sum(text, 'http_duration_sum', '');
  const spent = sum(text, 'http_time_spent_seconds_total', 'on');
  // Neither of the others is timed: a stream of events, and what is said to be untimed.
  const endpoints = ['GET /orders', 'GET /users', 'POST /events', 'POST /orders', 'POST /users'];
  expect(Object.keys(spent).sort()).toEqual(endpoints);
  const slow = sum(text, 'http_time_spent_seconds_total', 'slow');
  for (const endpoint of endpoints) {
    expect(total(spent[endpoint]) / total(durations[endpoint])).toBeCloseTo(1, 9);
    const on = Object.keys(spent[endpoint] ?? {}).map((each) => each.replace(/:\d+$/, ''));
    expect([endpoint, on.sort()]).toEqual([endpoint, ['127.0.0.1', '127.0.0.2', '127.0.0.3', 'code', 'unseen']]);
    expect(Object.keys(slow[endpoint] ?? {}).sort()).toEqual(['false', 'true']);
  }
});
