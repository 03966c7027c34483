import { once } from 'node:events';
import { expect, it } from 'vitest';
import { get } from '../expose/get.ts';
import { type App, register, startApp } from '../support/app.ts';
import { samples, until } from '../support/exposition.ts';
import { active } from '../support/outcome.ts';
import { startReceiver } from '../support/receiver.ts';

const CLOCK = new URL('../apps/hostile/clock.mjs', import.meta.url).href;
const HOUR_MS = 3_600_000;

async function jump({ child }: App, milliseconds: number): Promise<void> {
  const jumped = once(child, 'message');
  child.send(milliseconds);
  await jumped;
}

it.each([
  ['an hour ahead', HOUR_MS],
  ['an hour back', -HOUR_MS],
  ['to 1970', -Date.now()],
])('records a correct duration and keeps pushing when the clock jumps %s during a request', async (_, stepMs) => {
  const receiver = await startReceiver();
  const app = await startApp('test/apps/hostile/slow.mjs', {
    flags: ['--import', CLOCK, '--import', register],
    env: {
      OTEL_METRICS_EXPORTER: 'otlp,prometheus',
      OTEL_METRIC_EXPORT_INTERVAL: '50',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      APM_BUCKETS: '60',
    },
  });
  const url = (await app.metricsUrl()).replace(';', '');
  const scrape = async () => (await get(url)).text;
  const answer = get(app.url('/slow'));
  await until(scrape, (text) => active(text) === 1);
  await jump(app, stepMs);
  await get(app.url('/go'));
  expect((await answer).text).toBe('at last');
  const text = await until(scrape, (scraped) => scraped.includes('http_duration_count{path="/slow",method="GET"} 1\n'));
  // The test itself takes less than a minute.
  const found = samples(text);
  expect(found['http_duration_bucket{path="/slow",method="GET",le="60"}']).toBe(1);
  expect(found['http_duration_sum{path="/slow",method="GET"}']).toBeGreaterThan(0);
  expect(found['http_duration_sum{path="/slow",method="GET"}']).toBeLessThan(60);

  const arrivedBefore = receiver.arrived;
  await until(
    () => receiver.arrived,
    (arrived) => arrived > arrivedBefore + 2,
  );
  const times: number[] = [];
  for (const { metrics } of receiver.pushes) {
    for (const [name, { points, kind }] of Object.entries(metrics)) {
      for (const { start, time } of points) {
        if (kind !== 'gauge') expect([name, start <= time]).toEqual([name, true]);
        if (name === 'http_requests_total') times.push(time);
      }
    }
  }
  // No push has an older time than the push before it.
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times.length).toBeGreaterThan(1);
});
