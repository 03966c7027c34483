// Statistics of rounds. Every figure is a median of differences or ratios within a round, so that changes of the
// machine (other load, clock speed) affect all variants equally.

const ascending = (a, b) => a - b;

/**
 * The median and its 95 % confidence interval, from order statistics, which need no assumption about the distribution.
 */
export function summary(values) {
  const sorted = [...values].sort(ascending);
  const n = sorted.length;
  const at = (position) => (sorted[Math.floor(position)] + sorted[Math.ceil(position)]) / 2;
  const reach = 0.98 * Math.sqrt(n);
  const clamp = (position) => Math.min(Math.max(position, 0), n - 1);
  const middle = (n - 1) / 2;
  return {
    median: at(middle),
    low: sorted[Math.floor(clamp(middle - reach))],
    high: sorted[Math.ceil(clamp(middle + reach))],
    n,
  };
}

export const median = (values) => summary(values).median;

/** A new random order for every round, because a measurement affects the one that follows it. */
export function shuffled(list) {
  const keyed = list.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/**
 * One value of each variant in each round. Rounds are grouped by generation: rounds on the same processes share their
 * memory layout, so they are not independent. The median of a group counts as one measurement.
 */
export class Rounds {
  #groups = [];

  add(round, group = this.#groups.length) {
    this.#groups[group] ??= [];
    this.#groups[group].push(round);
  }

  get length() {
    return this.#groups.flat().length;
  }

  /** Summary of `by(round)` over the rounds. */
  of(by) {
    return summary(this.#groups.map((group) => summary(group.map(by)).median));
  }
}
