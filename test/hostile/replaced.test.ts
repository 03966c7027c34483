import { expect, it } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import type { ApmSnapshot } from '../../src/snapshot.ts';
import { get } from '../expose/get.ts';
import { startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';

it('answers with correct histograms and times where the app has replaced logarithms and how dates are written', async () => {
  const app = await startApp('test/apps/hostile/replaced.mjs', { env: { OTEL_METRIC_EXPORT_INTERVAL: '15' } });
  const url = `${new URL(await app.metricsUrl()).origin}/snapshot`;
  const paths = Array.from({ length: 8 }, (_, i) => `/page-${'abcdefgh'[i]}`);
  for (const path of paths) await get(app.url(path));
  const snapshot = await until(
    async () => JSON.parse((await get(url)).text) as ApmSnapshot,
    ({ requests }) => requests.length === paths.length,
  );
  const { time, counted, processes } = snapshot;
  for (const at of [time, counted.since, processes[0]?.started]) {
    expect(Math.abs(Date.parse(at as string) - Date.now())).toBeLessThan(60_000);
  }
  // Each path has one request, so its sum is the value in the histogram.
  for (const { path, fine, seconds } of snapshot.requests) {
    const [bucket] = FineHistogram.decode(fine).buckets();
    expect([path, seconds > (bucket?.low as number), seconds <= (bucket?.high as number)]).toEqual([path, true, true]);
  }
  const { warnings } = JSON.parse((await get(url.replace('snapshot', 'status'))).text);
  expect(warnings).toMatchObject([{ text: expect.stringContaining('OTEL_METRIC_EXPORT_INTERVAL') }]);
});
