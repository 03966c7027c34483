import type { Labels, Series } from '../model.ts';

/** What was worked out once for the labels of each series. */
export class Bindings<B> {
  readonly #bind: (labels: Labels) => B;
  /** By the live array of a table, in its order: series are only ever appended. */
  readonly #live = new WeakMap<readonly Series[], B[]>();
  /** Of increments. */
  readonly #byLabels = new WeakMap<Labels, B>();

  constructor(bind: (labels: Labels) => B) {
    this.#bind = bind;
  }

  /** Works out the next binding of a live array. @returns whether there was one left to do */
  prepareNext(live: readonly Series[]): boolean {
    let bindings = this.#live.get(live);
    if (bindings === undefined) {
      bindings = [];
      this.#live.set(live, bindings);
    }
    if (bindings.length >= live.length) return false;
    bindings.push(this.#bind((live[bindings.length] as Series).labels));
    return true;
  }

  /** The bindings of these series, in the same order. */
  all(series: readonly Series[]): readonly B[] {
    const live = this.#live.get(series);
    if (live === undefined) return series.map(({ labels }) => this.#ofLabels(labels));
    while (this.prepareNext(series));
    return live;
  }

  #ofLabels(labels: Labels): B {
    let binding = this.#byLabels.get(labels);
    if (binding === undefined) {
      binding = this.#bind(labels);
      this.#byLabels.set(labels, binding);
    }
    return binding;
  }
}
