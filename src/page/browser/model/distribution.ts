import type { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import type { Bucket } from '../../../base/histogram/histogram.ts';
import { estimates, secondsOf } from './estimate.ts';

/** With more rows, neighbours become one. */
const MAX_ROWS = 30;
const PERCENTILES = { p50: 0.5, p90: 0.9, p99: 0.99 } as const;

/**
 * Requests whose duration lies above `low` seconds, up to and including `high`.
 * @property percentiles names of those that lie in the row
 */
export interface DistributionRow {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly percentiles: readonly string[];
}

/**
 * The distribution in rows of equal width on a logarithmic scale, from the fastest to the slowest: empty rows show how far
 * two groups of requests are apart.
 */
export function distributionRows(histogram: FineHistogram): DistributionRow[] {
  const names = Object.keys(PERCENTILES);
  const seconds = estimates(histogram, Object.values(PERCENTILES)).map(secondsOf);
  return wideBuckets(histogram).map(({ low, high, count }) => {
    const isIn = (value: number | undefined) => value !== undefined && (value > low || low === 0) && value <= high;
    return { low, high, count, percentiles: names.filter((_, i) => isIn(seconds[i])) };
  });
}

function wideBuckets(histogram: FineHistogram): Bucket[] {
  const entries = histogram.entries();
  const [first, last] = [entries[0]?.[0], entries.at(-1)?.[0]];
  const zeros = histogram.zeros > 0 ? [{ low: 0, high: 0, count: histogram.zeros }] : [];
  if (first === undefined || last === undefined) return zeros;
  let shift = 0;
  while ((last >> shift) - (first >> shift) >= MAX_ROWS) shift++;
  const start = first >> shift;
  const counts = new Array<number>((last >> shift) - start + 1).fill(0);
  for (const [index, count] of entries) (counts[(index >> shift) - start] as number) += count;
  const bound = (row: number) => 2 ** ((start + row) * 2 ** (shift - histogram.scale));
  return [...zeros, ...counts.map((count, row) => ({ low: bound(row), high: bound(row + 1), count }))];
}
