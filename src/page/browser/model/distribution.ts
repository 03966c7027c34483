import type { FineHistogram } from '../../../base/histogram/fine-histogram.ts';

/** With more rows, neighbours become one. */
const MAX_ROWS = 24;

/** Requests whose duration lies above `low` seconds, up to and including `high`. */
export interface DistributionRow {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/**
 * The distribution in rows of equal width on a logarithmic scale, from the fastest to the slowest: empty rows show how far
 * two groups of requests are apart.
 */
export function distributionRows(histogram: FineHistogram): DistributionRow[] {
  const entries = histogram.entries().filter(([, count]) => count > 0);
  const [first, last] = [entries[0]?.[0], entries.at(-1)?.[0]];
  const zeros = histogram.zeros > 0 ? [{ low: 0, high: 0, count: histogram.zeros }] : [];
  if (first === undefined || last === undefined) return zeros;
  let shift = 0;
  while ((last >> shift) - (first >> shift) >= MAX_ROWS) shift++;
  const counts = new Array<number>((last >> shift) - (first >> shift) + 1).fill(0);
  for (const [index, count] of entries) (counts[(index >> shift) - (first >> shift)] as number) += count;
  const bound = (row: number) => 2 ** (((first >> shift) + row) * 2 ** (shift - histogram.scale));
  return [...zeros, ...counts.map((count, row) => ({ low: bound(row), high: bound(row + 1), count }))];
}
