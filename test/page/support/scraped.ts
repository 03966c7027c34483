import { labels, samples } from '../../support/exposition.ts';

/** An endpoint of a scrape. It is read without code of this package, so that a bug there cannot hide. */
export interface ScrapedEndpoint {
  requests: number;
  errors: number;
  seconds: number;
  /** Counts of each bucket alone, not cumulative. */
  buckets: [upperBound: number, count: number][];
}

export function parseEndpoints(text: string): Record<string, ScrapedEndpoint> {
  const endpoints: Record<string, ScrapedEndpoint> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    const name = sample.split('{', 1)[0] as string;
    if (!/^http_(requests_total|duration_(bucket|sum))$/.test(name)) continue;
    const { method, path, status_code, le } = labels(sample);
    const key = `${method} ${path}`;
    endpoints[key] ??= { requests: 0, errors: 0, seconds: 0, buckets: [] };
    const endpoint = endpoints[key];
    if (name === 'http_requests_total') {
      endpoint.requests += value;
      if (status_code?.startsWith('5')) endpoint.errors += value;
    } else if (name === 'http_duration_sum') endpoint.seconds = value;
    else endpoint.buckets.push([Number(le?.replace('+Inf', 'Infinity')), value]);
  }
  for (const { buckets } of Object.values(endpoints)) {
    for (let i = buckets.length - 1; i > 0; i--) (buckets[i] as [number, number])[1] -= buckets[i - 1]?.[1] ?? 0;
  }
  return endpoints;
}

/** `histogram_quantile` of Prometheus: the highest finite bound for values above it. */
export function histogramQuantile(buckets: readonly (readonly [number, number])[], q: number): number {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = q * total;
  let below = 0;
  for (const [i, [upperBound, count]] of buckets.entries()) {
    const low = i === 0 ? 0 : (buckets[i - 1]?.[0] as number);
    if (below + count >= rank) {
      return upperBound === Number.POSITIVE_INFINITY ? low : low + ((upperBound - low) * (rank - below)) / count;
    }
    below += count;
  }
  throw new Error('no bucket');
}
