import { subtractCounts } from '../base/histogram.ts';
import type { CallSeries } from './call-series.ts';
import type { CallCounts, Counts, RequestCounts, SeriesTable } from './model.ts';
import type { RequestSeries } from './request-series.ts';

/** How much of each series of a table one reader has taken, by the index of the series. */
export class Cursor {
  readonly taken: Counts[] = [];
}

/** What was added to a table since this cursor last took something: one increment for each series that grew. */
export function takeDeltas<Labels extends object>(
  { series: all }: SeriesTable<Labels>,
  { taken }: Cursor,
): (Labels & Counts)[] {
  const deltas: (Labels & Counts)[] = [];
  for (let i = 0; i < all.length; i++) {
    const series = all[i] as Labels & Counts;
    const last = taken[i];
    if (last === undefined) {
      deltas.push({ ...series, counts: series.counts.slice() });
      taken[i] = { requests: series.requests, seconds: series.seconds, counts: series.counts.slice() };
    } else if (last.requests !== series.requests) {
      deltas.push({
        ...series,
        requests: series.requests - last.requests,
        seconds: series.seconds - last.seconds,
        counts: subtractCounts(series.counts, last.counts),
      });
      last.requests = series.requests;
      last.seconds = series.seconds;
      for (let bucket = 0; bucket < series.counts.length; bucket++) {
        last.counts[bucket] = series.counts[bucket] as number;
      }
    }
  }
  return deltas;
}

/** Takes the requests and calls that one reader has not had yet. Each reader needs a taker of its own. */
export function createDeltaTaker(
  requests: RequestSeries,
  calls: CallSeries,
): () => { requests: RequestCounts[]; calls: CallCounts[] } {
  const requestCursor = new Cursor();
  const callCursor = new Cursor();
  return () => ({
    requests: takeDeltas(requests.table, requestCursor),
    calls: takeDeltas(calls.table, callCursor),
  });
}
