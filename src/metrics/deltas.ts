import { subtractCounts } from '../base/histogram.ts';
import { addSeries, type Counts, type Labels, type Series } from './model.ts';
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
    const { labels, guessed, ...counts } = all[i] as Series<L>;
    const last = taken[i];
    if (last?.count === counts.count) continue;
    const added = last === undefined ? copyOf(counts) : subtract(counts, last);
    deltas.push({ labels, guessed, ...added });
    if (last === undefined) taken[i] = copyOf(counts);
    else addSeries(last, added);
  }
  return deltas;
}

const copyOf = ({ count, sum, buckets, fine }: Counts): Counts => ({
  count,
  sum,
  buckets: buckets.slice(),
  fine: fine?.copy(),
});

const subtract = (now: Counts, before: Counts): Counts => ({
  count: now.count - before.count,
  sum: now.sum - before.sum,
  buckets: subtractCounts(now.buckets, before.buckets),
  fine: before.fine && now.fine?.since(before.fine),
});

/** Takes what one reader has not had yet, of each kind. Each reader needs a taker of its own. */
export function createDeltaTaker({ all }: SeriesSet): () => SeriesByKind {
  const readers = all.map((table) => ({ table, cursor: new Cursor() }));
  return () => Object.fromEntries(readers.map(({ table, cursor }) => [table.kind.id, takeDeltas(table, cursor)]));
}
