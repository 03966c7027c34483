import type { Counters } from '../../protocol.ts';
import type { TimelineInterval } from './decode.ts';
import { EncodedStats, type RequestStats } from './request-stats.ts';
import { RequestTotals } from './request-totals.ts';

/** The requests of a period are split into this many consecutive batches: their spread measures the noise. */
const BATCHES = 5;

/**
 * Each endpoint's requests in a period, as JSON that is small enough to be stored.
 * @property from    start, in milliseconds since 1970
 * @property to      end
 * @property batches by endpoint key, oldest batch first
 */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly batches: readonly Readonly<Record<string, Counters>>[];
}

/** @returns undefined without intervals */
export function periodOf(intervals: readonly TimelineInterval[]): Period | undefined {
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
  const batches = Array.from({ length: BATCHES }, (): Record<string, Counters> => ({}));
  for (const [key, stats] of statsByKey) {
    splitIntoBatches(stats).forEach((totals, i) => {
      if (totals.requests > 0) (batches[i] as Record<string, Counters>)[key] = totals.encode();
    });
  }
  return { from: first.at - first.ms, to: last.at, batches };
}

/** Batches with equal numbers of timed requests, as far as whole intervals allow: a pause leaves no batch empty. */
function splitIntoBatches(intervals: readonly RequestStats[]): RequestTotals[] {
  const batches = Array.from({ length: BATCHES }, () => new RequestTotals());
  const sizes = intervals.map(({ histogram }) => histogram.total);
  const batchSize = sizes.reduce((sum, size) => sum + size, 0) / BATCHES;
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
export const endpointBatches = ({ batches }: Period, key: string): RequestTotals[] =>
  batches.map((batch) => {
    const totals = new RequestTotals();
    const stats = batch[key];
    return stats ? totals.add(EncodedStats.decode(stats)) : totals;
  });

export const sumBatches = (batches: readonly RequestTotals[]): RequestTotals =>
  batches.reduce((sum, batch) => sum.add(batch), new RequestTotals());
