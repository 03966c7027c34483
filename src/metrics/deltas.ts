import { addCounts, subtractCounts } from '../base/counts.ts';
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
    const series = all[i] as Series<L>;
    taken[i] ??= createEmpty(series);
    const last = taken[i] as Counts;
    if (last.count === series.count) continue;
    deltas.push({ labels: series.labels, guessed: series.guessed, ...takeSince(series, last) });
  }
  return deltas;
}

const createEmpty = ({ buckets, fine }: Counts): Counts => ({
  count: 0,
  sum: 0,
  buckets: buckets.map(() => 0),
  fine: fine?.createEmpty(),
});

/** @param taken becomes equal to `now` */
function takeSince(now: Counts, taken: Counts): Counts {
  const added: Counts = {
    count: now.count - taken.count,
    sum: now.sum - taken.sum,
    buckets: subtractCounts(now.buckets, taken.buckets),
    fine: taken.fine && now.fine?.takeSince(taken.fine),
  };
  taken.count = now.count;
  taken.sum = now.sum;
  addCounts(taken.buckets, added.buckets);
  return added;
}

/** Takes what one reader has not had yet, of each kind. Each reader needs a taker of its own. */
export function createDeltaTaker({ all }: SeriesSet): () => SeriesByKind {
  const readers = all.map((table) => ({ table, cursor: new Cursor() }));
  return () => Object.fromEntries(readers.map(({ table, cursor }) => [table.kind.id, takeDeltas(table, cursor)]));
}
