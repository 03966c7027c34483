import type { Prometheus } from '../../../stack/prometheus.ts';

/** Whether an expression has a number now, or for a graph at any time within the last 30 s. */
export async function hasData(prometheus: Prometheus, expr: string, instant: boolean): Promise<boolean> {
  if (instant) return (await prometheus.query(expr)).some(({ value }) => !Number.isNaN(value));
  const now = Date.now() / 1000;
  const drawn = await prometheus.queryRange(expr, now - 30, now, 5);
  return drawn.some(({ values }) => values.some(([, value]) => !Number.isNaN(value)));
}
