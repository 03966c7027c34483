/** The smallest number of letters to insert, delete or replace that turns one word into the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** The word that `given` is probably a misspelling of; undefined when none is within so many letters, a third of its own. */
export function nearest(given: string, words: readonly string[], most = given.length / 3): string | undefined {
  const ranked = words.map((word) => ({ word, off: distance(given, word) })).sort((a, b) => a.off - b.off);
  const best = ranked[0];
  return best && best.off <= most ? best.word : undefined;
}
