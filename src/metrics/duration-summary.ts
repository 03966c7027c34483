import { totalCount } from '../base/counts.ts';
import { FineHistogram } from '../base/histogram/fine-histogram.ts';
import { quantilesOf } from '../base/histogram/histogram.ts';
import type { DurationsStatus } from '../status.ts';
import type { RequestLabels } from './kinds.ts';
import type { SeriesTable } from './series-table.ts';

/** The percentiles are of at most this number of series: adding up 10,000 histograms would block the app for 30 ms. */
const MAX_ADDED_SERIES = 100;

/** How the timed requests of this process lie in the explicit buckets. @returns null without a timed request */
export function summarizeDurations({ kind, series }: SeriesTable<RequestLabels>): DurationsStatus | null {
  const { bounds = [] } = kind;
  let [timed, inFirst, aboveTop] = [0, 0, 0];
  for (const { buckets } of series) {
    timed += totalCount(buckets);
    inFirst += buckets[0] ?? 0;
    aboveTop += buckets[bounds.length] ?? 0;
  }
  const [p50, p99] = quantilesOf(addBusySeries(series, timed), [0.5, 0.99]);
  if (p50 === undefined || p99 === undefined) return null;
  return { bounds, timed, inFirst, aboveTop, p50: p50.value, p99: p99.value };
}

/** The durations of series that have at least as many as the average. */
function addBusySeries(series: SeriesTable<RequestLabels>['series'], timed: number): FineHistogram {
  const sum = new FineHistogram();
  let added = 0;
  for (const { buckets, fine } of series) {
    if (added === MAX_ADDED_SERIES) break;
    if (fine === undefined || totalCount(buckets) * series.length < timed) continue;
    sum.add(fine);
    added++;
  }
  return sum;
}
