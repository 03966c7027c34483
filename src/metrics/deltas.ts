import { subtractCounts } from '../base/histogram.ts';
import type { CallSeries } from './call-series.ts';
import type { CallCounts, Counts, RequestCounts, SeriesTable } from './model.ts';
import type { RequestSeries } from './request-series.ts';

/** How much of each series of a table one reader has taken, by the index of the series. */
export class Cursor {
  readonly taken: Counts[] = [];
}

/**
 * What was added to a table since this cursor last took something: one increment for each series that grew.
 * @param indexes receives the index of each increment's series in the table
 */
export function takeDeltas<Labels extends object>(
  { series: all, create }: SeriesTable<Labels>,
  { taken }: Cursor,
  indexes?: number[],
): (Labels & Counts)[] {
  const deltas: (Labels & Counts)[] = [];
  for (let i = 0; i < all.length; i++) {
    const series = all[i] as Labels & Counts;
    const last = taken[i];
    if (last === undefined) {
      deltas.push(create(series, series.requests, series.seconds, series.counts.slice()));
      indexes?.push(i);
      taken[i] = { requests: series.requests, seconds: series.seconds, counts: series.counts.slice() };
    } else if (last.requests !== series.requests) {
      const counts = subtractCounts(series.counts, last.counts);
      deltas.push(create(series, series.requests - last.requests, series.seconds - last.seconds, counts));
      indexes?.push(i);
      last.requests = series.requests;
      last.seconds = series.seconds;
      for (let bucket = 0; bucket < series.counts.length; bucket++) {
        last.counts[bucket] = series.counts[bucket] as number;
      }
    }
  }
  return deltas;
}

export interface RequestDeltas {
  readonly requests: RequestCounts[];
  readonly calls: CallCounts[];
  /** The live series of requests, and which of them each increment is of. */
  readonly live: { readonly requests: readonly RequestCounts[]; readonly indexes: number[] };
}

/** Takes the requests and calls that one reader has not had yet. Each reader needs a taker of its own. */
export function createDeltaTaker(requests: RequestSeries, calls: CallSeries): () => RequestDeltas {
  const requestCursor = new Cursor();
  const callCursor = new Cursor();
  return () => {
    const indexes: number[] = [];
    return {
      requests: takeDeltas(requests.table, requestCursor, indexes),
      calls: takeDeltas(calls.table, callCursor),
      live: { requests: requests.table.series, indexes },
    };
  };
}
