/** The smallest number of letters to insert, delete or replace that turns `a` into `b` (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (previous[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    previous = next;
  }
  return previous[b.length] as number;
}

/**
 * The word that was probably meant.
 * @param given       what may be misspelt
 * @param maxDistance letters that may differ; by default a third of what was given
 * @returns undefined where no word is that close
 */
export function suggest(given: string, words: readonly string[], maxDistance = given.length / 3): string | undefined {
  const ranked = words.map((word) => ({ word, distance: editDistance(given, word) }));
  const [closest] = ranked.sort((a, b) => a.distance - b.distance);
  return closest && closest.distance <= maxDistance ? closest.word : undefined;
}
