import { getOrAdd } from '../base/get-or-add.ts';
import type { SizeLabels } from './kinds.ts';
import { countEvent, type Series } from './model.ts';
import type { SeriesTable } from './series-table.ts';

/** The sizes of one kind of bodies in this process, by path and method. */
export class SizeSeries {
  readonly #table: SeriesTable<SizeLabels>;
  readonly #bounds: readonly number[];
  readonly #details: string | undefined;
  readonly #bound = new Map<string, Map<string, Series<SizeLabels>>>();

  /** @param details of every request that is recorded here */
  constructor(table: SeriesTable<SizeLabels>, details: string | undefined) {
    this.#table = table;
    this.#bounds = table.kind.bounds ?? [];
    this.#details = details;
  }

  /**
   * @param method  a known one or `_OTHER`
   * @param guessed whether the path is a guess
   */
  record(path: string, method: string, bytes: number, guessed: boolean): void {
    const byMethod = getOrAdd(this.#bound, path, () => new Map<string, Series<SizeLabels>>());
    let series = byMethod.get(method);
    if (series === undefined || (series.guessed && !guessed)) {
      series = this.#table.find({ path, method, details: this.#details }, guessed);
      byMethod.set(method, series);
    }
    countEvent(series, this.#bounds, bytes);
  }
}
