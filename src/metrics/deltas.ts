import { subtractCounts } from '../base/histogram.ts';
import type { Counts, Labels, Series } from './model.ts';
import type { SeriesByKind, SeriesSet } from './series-set.ts';
import type { SeriesTable } from './series-table.ts';

/** How much of each series of a table one reader has taken, by the index of the series. */
export class Cursor {
  readonly taken: Counts[] = [];
}

/** What was added to a table since this cursor last took something: one increment for each series that grew. */
export function takeDeltas<L extends Labels>({ series: all }: SeriesTable<L>, { taken }: Cursor): Series<L>[] {
  const deltas: Series<L>[] = [];
  for (let i = 0; i < all.length; i++) {
    const { labels, guessed, count, sum, buckets } = all[i] as Series<L>;
    const last = taken[i];
    if (last === undefined) {
      deltas.push({ labels, guessed, count, sum, buckets: buckets.slice() });
      taken[i] = { count, sum, buckets: buckets.slice() };
    } else if (last.count !== count) {
      deltas.push({
        labels,
        guessed,
        count: count - last.count,
        sum: sum - last.sum,
        buckets: subtractCounts(buckets, last.buckets),
      });
      last.count = count;
      last.sum = sum;
      for (let bucket = 0; bucket < buckets.length; bucket++) last.buckets[bucket] = buckets[bucket] as number;
    }
  }
  return deltas;
}

/** Takes what one reader has not had yet, of each kind. Each reader needs a taker of its own. */
export function createDeltaTaker({ all }: SeriesSet): () => SeriesByKind {
  const readers = all.map((table) => ({ table, cursor: new Cursor() }));
  return () => Object.fromEntries(readers.map(({ table, cursor }) => [table.kind.id, takeDeltas(table, cursor)]));
}
