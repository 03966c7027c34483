/** Adds the counts of each bucket to `into`. Missing counts are zero. */
export function addCounts(into: number[], counts: readonly number[]): void {
  for (let i = 0; i < into.length; i++) (into[i] as number) += counts[i] ?? 0;
}

/** @returns `a - b` for each bucket of `a`. Missing counts are zero. */
export function subtractCounts(a: readonly number[], b: readonly number[]): number[] {
  const counts = a.slice();
  for (let i = 0; i < counts.length; i++) (counts[i] as number) -= b[i] ?? 0;
  return counts;
}

/** @returns the number of values in all buckets */
export function totalCount(counts: readonly number[]): number {
  // A loop: this runs for each of 10,000 series at each scrape.
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i] as number;
  return total;
}
