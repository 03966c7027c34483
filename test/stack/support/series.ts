import type { Prometheus } from '../../../stack/prometheus.ts';

/**
 * The current series of a job by `name{labels}`, without `job`, `instance` and the series that Prometheus itself adds. A
 * native histogram has the series `_count` and `_sum` of one with bounds. Those of several instances are added up.
 */
export async function querySeries(prometheus: Prometheus, job: string): Promise<Record<string, number>> {
  const byInstance = new Map<string, Record<string, number>>();
  for (const { metric, value, histogram } of await prometheus.query(`{job="${job}", __name__!~"up|scrape_.*"}`)) {
    const { __name__: name = '', job: _job, instance = '', ...labels } = metric;
    const found = byInstance.get(instance) ?? {};
    byInstance.set(instance, found);
    // A histogram that is stored in both forms has these two twice.
    if (histogram === undefined) found[seriesName(name, labels)] = value;
    else for (const part of ['count', 'sum'] as const) found[seriesName(`${name}_${part}`, labels)] = histogram[part];
  }
  const sums: Record<string, number> = {};
  for (const found of byInstance.values())
    for (const [series, value] of Object.entries(found)) sums[series] = (sums[series] ?? 0) + value;
  return sums;
}

/** The normalised name of a series. Prometheus 3 writes `le` as 1.0 if it scraped the series, otherwise as 1. */
export function seriesName(name: string, labels: Record<string, string>): string {
  const written = Object.entries(labels).map(([label, value]) => {
    return `${label}=${JSON.stringify(label === 'le' ? String(Number(value.replace('Inf', 'Infinity'))) : value)}`;
  });
  return `${name}{${written.sort()}}`;
}
