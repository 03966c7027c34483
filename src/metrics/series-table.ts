import type { CardinalityCap } from './cardinality-cap.ts';
import type { Kind } from './kinds.ts';
import { addSeries, type Labels, type Series } from './model.ts';

/** Caps on the distinct values of labels, by the name of the label. */
export type LabelCaps = Readonly<Record<string, CardinalityCap>>;

/** The series of one kind, by their labels. */
export class SeriesTable<L extends Labels = Labels> {
  readonly kind: Kind<L>;
  /** In the order in which they were first counted. A series is never removed, so an index always means the same one. */
  readonly series: Series<L>[] = [];
  readonly #byKey = new Map<string, Series<L>>();
  /** By the labels of increments that were added: a sender has one object for each of its series. */
  readonly #byLabels = new WeakMap<L, Series<L>>();
  readonly #names: readonly string[];
  readonly #capped: readonly (readonly [name: string, cap: CardinalityCap])[];

  constructor(kind: Kind<L>, caps: LabelCaps = {}) {
    this.kind = kind;
    this.#names = Object.keys(kind.labels);
    this.#capped = Object.entries(caps).filter(([name]) => name in kind.labels);
  }

  /**
   * The series with these labels; made where there is none yet. Caps and the limit of the kind may give it other labels.
   * Callers on the hot path keep what they get.
   */
  find(labels: L): Series<L> {
    const known = this.#byKey.get(this.#keyOf(labels));
    if (known !== undefined) return known;
    const allowed = this.#limit(this.#cap(labels));
    const key = this.#keyOf(allowed);
    let series = this.#byKey.get(key);
    if (series === undefined) {
      const { bounds } = this.kind;
      const buckets = new Array<number>(bounds === undefined ? 0 : bounds.length + 1).fill(0);
      series = { labels: allowed, count: 0, sum: 0, buckets };
      this.#byKey.set(key, series);
      this.series.push(series);
    }
    return series;
  }

  add(increment: Series<L>): void {
    const { labels } = increment;
    let series = this.#byLabels.get(labels);
    if (series === undefined) {
      series = this.find(labels);
      this.#byLabels.set(labels, series);
    }
    addSeries(series, increment);
  }

  /** A text that only the same labels have. An empty value is a missing one, as in Prometheus. */
  #keyOf(labels: Labels): string {
    let key = '';
    for (const name of this.#names) key += `${labels[name] ?? ''}\0`;
    return key;
  }

  #cap(labels: L): L {
    let allowed = labels;
    for (const [name, cap] of this.#capped) {
      const value = labels[name];
      if (typeof value !== 'string') continue;
      const admitted = cap.admit(value);
      if (admitted !== value) allowed = { ...allowed, [name]: admitted };
    }
    return allowed === labels ? labels : (this.kind.onCapped?.(allowed) ?? allowed);
  }

  #limit(labels: L): L {
    const { limit } = this.kind;
    if (limit === undefined || this.series.length < limit.max || this.#byKey.has(this.#keyOf(labels))) return labels;
    const reduced = limit.reduce(labels);
    return reduced.find((each) => this.#byKey.has(this.#keyOf(each))) ?? (reduced.at(-1) as L);
  }
}
