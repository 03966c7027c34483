import type { RequestStats } from './request-stats.ts';
import { RequestTotals } from './request-totals.ts';

type Rows = ReadonlyMap<string, RequestStats>;

/**
 * Totals by name over the intervals that are shown. From one update to the next, most intervals stay: only those that came
 * and went are added and subtracted, because adding up half an hour of a hundred endpoints takes longer than a frame.
 */
export class RunningTotals {
  #intervals: readonly Rows[] = [];
  readonly #totals = new Map<string, RequestTotals>();

  /** @param intervals the rows of each, oldest first. A row does not change */
  update(intervals: readonly Rows[]): ReadonlyMap<string, RequestTotals> {
    const gone = intervals[0] === undefined ? -1 : this.#intervals.indexOf(intervals[0]);
    const kept = gone === -1 ? [] : this.#intervals.slice(gone);
    if (gone === -1 || kept.some((rows, i) => rows !== intervals[i])) {
      this.#totals.clear();
      for (const rows of intervals) this.#add(rows);
    } else {
      for (const rows of intervals.slice(kept.length)) this.#add(rows);
      for (const rows of this.#intervals.slice(0, gone)) this.#subtract(rows);
    }
    this.#intervals = intervals;
    return this.#totals;
  }

  #add(rows: Rows): void {
    for (const [name, stats] of rows) {
      const totals = this.#totals.get(name);
      if (totals === undefined) this.#totals.set(name, new RequestTotals().add(stats));
      else totals.add(stats);
    }
  }

  #subtract(rows: Rows): void {
    for (const [name, stats] of rows) {
      const totals = this.#totals.get(name)?.subtract(stats);
      if (totals?.requests === 0) this.#totals.delete(name);
    }
  }
}
