import { type Estimate, quantile } from './quantile.ts';
import type { Sum } from './sum.ts';
import { gapOf, hidesTail } from './tail.ts';

/** One endpoint, as the table shows it. */
export interface EndpointRow {
  readonly key: string;
  readonly sum: Sum;
  readonly p99: Estimate;
  readonly p50: Estimate;
  readonly gap: number | undefined;
  /** Of all the time that was spent, 0 to 1. */
  readonly share: number;
  readonly isMarked: boolean;
}

export function endpointRows(sums: ReadonlyMap<string, Sum>, bounds: readonly number[]): EndpointRow[] {
  const all = Array.from(sums.values()).reduce((seconds, sum) => seconds + sum.seconds, 0);
  return Array.from(sums, ([key, sum]) => {
    const [p99, p50] = [quantile(sum.counts, bounds, 0.99), quantile(sum.counts, bounds, 0.5)];
    const share = all > 0 ? sum.seconds / all : 0;
    return { key, sum, p99, p50, gap: gapOf(p99, p50), share, isMarked: hidesTail(p99, p50, sum.mean) };
    // Those whose p99 cannot be told stay in this order, most of the time first.
  }).sort((a, b) => b.sum.seconds - a.sum.seconds);
}
