import { FineHistogram } from '../base/histogram/fine-histogram.ts';
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
  #guesses = 0;
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
   * @param guessed whether its path is a guess
   */
  find(labels: L, guessed = false): Series<L> {
    const known = this.#byKey.get(this.#keyOf(labels));
    if (known !== undefined && (guessed || !known.guessed)) return known;
    const allowed = this.#limit(this.#cap(labels, guessed), guessed);
    const key = this.#keyOf(allowed);
    const series = this.#byKey.get(key) ?? this.#create(key, allowed);
    if (series.guessed && !guessed) {
      series.guessed = false;
      this.#guesses--;
    }
    return series;
  }

  #create(key: string, labels: L): Series<L> {
    const { bounds, isFine } = this.kind;
    const buckets = new Array<number>(bounds === undefined ? 0 : bounds.length + 1).fill(0);
    const created: Series<L> = {
      labels,
      guessed: true,
      count: 0,
      sum: 0,
      buckets,
      fine: isFine ? new FineHistogram() : undefined,
    };
    this.#byKey.set(key, created);
    this.series.push(created);
    this.#guesses++;
    return created;
  }

  add(increment: Series<L>): void {
    const { labels, guessed } = increment;
    let series = this.#byLabels.get(labels);
    if (series === undefined || (series.guessed && !guessed)) {
      series = this.find(labels, guessed);
      // What is counted as `other` is looked up each time: its path may be a route by then.
      if (series.labels.path === labels.path) this.#byLabels.set(labels, series);
    }
    addSeries(series, increment);
  }

  /** A text that only the same labels have. An empty value is a missing one, as in Prometheus. */
  #keyOf(labels: Labels): string {
    let key = '';
    for (const name of this.#names) key += `${labels[name] ?? ''}\0`;
    return key;
  }

  #cap(labels: L, guessed: boolean): L {
    let allowed = labels;
    for (const [name, cap] of this.#capped) {
      const value = labels[name];
      if (typeof value !== 'string') continue;
      const admitted = cap.admit(value, guessed);
      if (admitted !== value) allowed = { ...allowed, [name]: admitted };
    }
    return allowed === labels ? labels : (this.kind.onCapped?.(allowed) ?? allowed);
  }

  #limit(labels: L, guessed: boolean): L {
    const { limit } = this.kind;
    const count = guessed ? this.#guesses : this.series.length - this.#guesses;
    if (limit === undefined || count < limit.max || this.#byKey.has(this.#keyOf(labels))) return labels;
    const reduced = limit.reduce(labels);
    return reduced.find((each) => this.#byKey.has(this.#keyOf(each))) ?? (reduced.at(-1) as L);
  }
}
