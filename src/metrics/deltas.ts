import { addCounts, subtractCounts } from '../base/counts.ts';
import type { Counts, Labels, Series } from './model.ts';
import type { SeriesByKind, SeriesSet } from './series-set.ts';
import type { SeriesTable } from './series-table.ts';

/** How much of each series of a table one reader has taken, by the index of the series. */
export class Cursor {
  readonly taken: Counts[] = [];
}

/** This many increments are taken and sent in less than 5 ms. */
const INCREMENTS_OF_PART = 500;

/** What was added to a table since this cursor last took something: one increment for each series that grew. */
export const takeDeltas = <L extends Labels>(table: SeriesTable<L>, cursor: Cursor): Series<L>[] =>
  Array.from(takeParts(table, cursor, Number.POSITIVE_INFINITY)).flat();

/** The same in parts. The counts of each series are taken together, at the time when its part is taken. */
function* takeParts<L extends Labels>(
  { series: all }: SeriesTable<L>,
  { taken }: Cursor,
  length: number,
): Generator<Series<L>[]> {
  let part: Series<L>[] = [];
  for (let i = 0; i < all.length; i++) {
    const series = all[i] as Series<L>;
    taken[i] ??= createEmpty(series);
    const last = taken[i] as Counts;
    if (last.count === series.count) continue;
    part.push({ labels: series.labels, guessed: series.guessed, ...takeSince(series, last) });
    if (part.length < length) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
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

/** Takes what one reader has not had yet, of each kind. */
export interface DeltaTaker {
  (): SeriesByKind;
  /**
   * The same in parts, each short enough for one turn of the event loop. Keep each part at once: it is not taken again. What
   * no part has yet, another call takes.
   */
  inParts(): Generator<SeriesByKind>;
}

/** Each reader needs a taker of its own. */
export function createDeltaTaker({ all }: SeriesSet): DeltaTaker {
  const readers = all.map((table) => ({ table, cursor: new Cursor() }));
  const take = () => Object.fromEntries(readers.map(({ table, cursor }) => [table.kind.id, takeDeltas(table, cursor)]));
  return Object.assign(take, {
    *inParts() {
      for (const { table, cursor } of readers) {
        for (const part of takeParts(table, cursor, INCREMENTS_OF_PART)) yield { [table.kind.id]: part };
      }
    },
  });
}
