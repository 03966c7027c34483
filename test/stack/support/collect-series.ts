import type { Prometheus } from '../../../stack/prometheus.ts';
import { until } from '../../support/exposition.ts';
import { querySeries } from './series.ts';
import type { Tee } from './tee.ts';

/**
 * The series of a job in each Prometheus, once all of its last samples are newer than the traffic.
 * @param ways   how each Prometheus gets the series
 * @param pushes that were sent before the last of the traffic, at most
 */
export async function collectSeries<Way extends string>(
  ways: Readonly<Record<Way, Prometheus>>,
  job: string,
  tee: Tee,
  pushes = 2,
): Promise<Record<Way, Record<string, number>>> {
  const { delivered } = tee;
  await until(
    () => tee.delivered,
    (now) => now >= delivered + pushes,
  );
  const settled = Date.now() / 1000;
  const found: Partial<Record<Way, Record<string, number>>> = {};
  for (const [way, prometheus] of Object.entries<Prometheus>(ways)) {
    await until(
      // Two, because a series of failures is 0 in its first.
      async () => (await prometheus.storedSamples(`{job="${job}"}[1m]`)).map(({ values }) => values.at(-2)?.[0] ?? 0),
      (times) => times.length > 0 && Math.min(...times) > settled,
    );
    found[way as Way] = await querySeries(prometheus, job);
  }
  return found as Record<Way, Record<string, number>>;
}
