import { OTHER } from '../semconv.ts';
import { type CardinalityCap, createLabelCaps } from './cardinality-cap.ts';
import type { Labels } from './model.ts';
import type { RequestSeries } from './request-series.ts';

/** Combinations of values; requests with a further one have `other` for each label. It bounds the memory of the maps. */
const MAX_COMBINATIONS = 1_000;

/** By the value of one label: the maps of the next one, or the series of the combination. */
type Node = Map<string, Node | RequestSeries>;

/** The requests of this process that have labels of the app's own: series of their own for each combination of values. */
export class LabelledSeries {
  readonly #names: readonly string[];
  readonly #caps: readonly CardinalityCap[];
  readonly #create: (labels: Labels) => RequestSeries;
  readonly #root: Node = new Map();
  #combinations = 0;

  constructor(names: readonly string[], create: (labels: Labels) => RequestSeries) {
    this.#names = names;
    this.#caps = Object.values(createLabelCaps(names));
    this.#create = create;
  }

  /** The series of these values, in the order of the labels; an empty value is no label. */
  find(values: readonly string[]): RequestSeries {
    let node: Node | RequestSeries | undefined = this.#root;
    for (let i = 0; i < values.length; i++) node = (node as Node | undefined)?.get(values[i] as string);
    return (node as RequestSeries | undefined) ?? this.#add(this.#capped(values));
  }

  #capped(values: readonly string[]): readonly string[] {
    return values.map((value, i) => (value === '' ? '' : (this.#caps[i] as CardinalityCap).admit(value)));
  }

  #add(values: readonly string[]): RequestSeries {
    const isFull = this.#combinations >= MAX_COMBINATIONS;
    let node = this.#root;
    for (const value of values.slice(0, -1)) {
      let next = node.get(value) as Node | undefined;
      if (next === undefined) {
        if (isFull) return this.#other();
        next = new Map();
        node.set(value, next);
      }
      node = next;
    }
    const last = values.at(-1) as string;
    const known = node.get(last) as RequestSeries | undefined;
    if (known !== undefined) return known;
    if (isFull) return this.#other();
    this.#combinations++;
    const labels = Object.fromEntries(this.#names.map((name, i) => [name, values[i] || undefined]));
    const series = this.#create(labels);
    node.set(last, series);
    return series;
  }

  #otherSeries: RequestSeries | undefined;
  #other(): RequestSeries {
    this.#otherSeries ??= this.#create(Object.fromEntries(this.#names.map((name) => [name, OTHER])));
    return this.#otherSeries;
  }
}
