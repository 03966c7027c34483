// Figures from rounds. Every one is a median of differences or ratios within a round, so that what the machine does
// meanwhile (other loads, clock speed) falls on all variants alike.

const ascending = (a, b) => a - b;

/** The median and its 95 % confidence interval, from order statistics: it assumes nothing of the distribution. */
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

/** A new order for every round: a server is driven a little faster or slower after some than after others. */
export function shuffled(list) {
  const keyed = list.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/**
 * One value of each variant in each round, in groups: the rounds on one set of processes share the luck of its start
 * (where code and heap came to lie), so that they are not independent. A group counts as one measurement, its median.
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
