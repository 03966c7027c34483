/**
 * Of many comparisons some differ by chance: Holm's correction, after which the probability that any one is called a
 * difference that is none is what it was for one alone. In the order given.
 * @see https://en.wikipedia.org/wiki/Holm%E2%80%93Bonferroni_method
 */
export function holm(all: readonly number[]): number[] {
  const order = all.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(all.length);
  let least = 0;
  order.forEach(({ p, i }, rank) => {
    least = Math.max(least, Math.min(1, p * (all.length - rank)));
    corrected[i] = least;
  });
  return corrected;
}
