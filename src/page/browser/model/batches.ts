import { totalCount } from '../../../base/histogram.ts';
import type { TimelineInterval } from './decode.ts';
import { type RequestStats, RequestTotals } from './request-totals.ts';

/** The requests of a period are split into this many consecutive batches: their spread measures the noise. */
export const BATCHES = 5;

/**
 * Each endpoint's requests in a period, small enough to be stored.
 * @property from    start, in milliseconds since 1970
 * @property to      end
 * @property batches by endpoint key, oldest batch first
 */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly bounds: readonly number[];
  readonly batches: readonly Readonly<Record<string, RequestStats>>[];
}

/** @returns undefined without intervals */
export function periodOf(intervals: readonly TimelineInterval[], bounds: readonly number[]): Period | undefined {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const statsByKey = new Map<string, RequestStats[]>();
  for (const { endpoints } of intervals) {
    for (const [key, stats] of endpoints) {
      const known = statsByKey.get(key);
      if (known) known.push(stats);
      else statsByKey.set(key, [stats]);
    }
  }
  const batches = Array.from({ length: BATCHES }, (): Record<string, RequestStats> => ({}));
  for (const [key, stats] of statsByKey) {
    splitIntoBatches(stats, bounds.length + 1).forEach((totals, i) => {
      if (totals.requests > 0 || totals.timed > 0) (batches[i] as Record<string, RequestStats>)[key] = totals;
    });
  }
  return { from: first.at - first.ms, to: last.at, bounds, batches };
}

/** Batches with equal numbers of timed requests, as far as whole intervals allow: a pause leaves no batch empty. */
function splitIntoBatches(intervals: readonly RequestStats[], buckets: number): RequestTotals[] {
  const batches = Array.from({ length: BATCHES }, () => new RequestTotals(buckets));
  const sizes = intervals.map(({ counts }) => totalCount(counts));
  const batchSize = totalCount(sizes) / BATCHES;
  let before = 0;
  intervals.forEach((stats, i) => {
    const size = sizes[i] as number;
    const batch = batchSize === 0 ? 0 : Math.min(BATCHES - 1, Math.floor((before + size / 2) / batchSize));
    (batches[batch] as RequestTotals).add(stats);
    before += size;
  });
  return batches;
}

/** The batches of one endpoint. */
export const endpointBatches = ({ batches, bounds }: Period, key: string): RequestTotals[] =>
  batches.map((batch) => {
    const totals = new RequestTotals(bounds.length + 1);
    const stats = batch[key];
    return stats ? totals.add(stats) : totals;
  });

export const sumBatches = (batches: readonly RequestTotals[], buckets: number): RequestTotals =>
  batches.reduce((sum, batch) => sum.add(batch), new RequestTotals(buckets));
