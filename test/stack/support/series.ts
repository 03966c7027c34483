import type { Prometheus } from '../../../stack/prometheus.ts';

/** The current series of a job by `name{labels}`, without `job`, `instance` and the series that Prometheus itself adds. */
export async function querySeries(prometheus: Prometheus, job: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const { metric, value } of await prometheus.query(`{job="${job}", __name__!~"up|scrape_.*"}`)) {
    const { __name__: name = '', job: _job, instance: _instance, ...labels } = metric;
    found[seriesName(name, labels)] = value;
  }
  return found;
}

/** The normalised name of a series. Prometheus 3 writes `le` as 1.0 if it scraped the series, otherwise as 1. */
export function seriesName(name: string, labels: Record<string, string>): string {
  const written = Object.entries(labels).map(([label, value]) => {
    return `${label}=${JSON.stringify(label === 'le' ? String(Number(value.replace('Inf', 'Infinity'))) : value)}`;
  });
  return `${name}{${written.sort()}}`;
}
