import { labels, samples } from '../../support/exposition.ts';

/** What a scrape says of one endpoint, by the names of this package, read without any of its code. */
export interface Scraped {
  requests: number;
  errors: number;
  sum: number;
  /** Not cumulative, by upper bound. */
  buckets: [le: number, count: number][];
}

export function endpoints(text: string): Record<string, Scraped> {
  const found: Record<string, Scraped> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    const name = sample.split('{', 1)[0] as string;
    if (!/^http_(requests_total|duration_(bucket|sum))$/.test(name)) continue;
    const { method, path, status_code, le } = labels(sample);
    const key = `${method} ${path}`;
    found[key] ??= { requests: 0, errors: 0, sum: 0, buckets: [] };
    const one = found[key];
    if (name === 'http_requests_total') {
      one.requests += value;
      if (status_code?.startsWith('5')) one.errors += value;
    } else if (name === 'http_duration_sum') one.sum = value;
    else one.buckets.push([Number(le?.replace('+Inf', 'Infinity')), value]);
  }
  for (const { buckets } of Object.values(found)) {
    for (let i = buckets.length - 1; i > 0; i--) (buckets[i] as [number, number])[1] -= buckets[i - 1]?.[1] ?? 0;
  }
  return found;
}

/** As Prometheus' histogram_quantile has it; the last bound but infinity for what is above it. */
export function histogramQuantile(buckets: readonly (readonly [number, number])[], q: number): number {
  const all = buckets.reduce((sum, [, count]) => sum + count, 0);
  const rank = q * all;
  let below = 0;
  for (const [i, [le, count]] of buckets.entries()) {
    const low = i === 0 ? 0 : (buckets[i - 1]?.[0] as number);
    if (below + count >= rank)
      return le === Number.POSITIVE_INFINITY ? low : low + ((le - low) * (rank - below)) / count;
    below += count;
  }
  throw new Error('no bucket');
}
