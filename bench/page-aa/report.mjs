// How the results of some comparisons are written.
const percent = (hits, of) => (of === 0 ? '-' : `${((100 * hits) / of).toFixed(1)} %`);
const bar = (cells) => `| ${cells.join(' | ')} |`;
const HEAD = ['', 'comparisons', 'with enough time for verdicts', 'coloured', ''];

/** A table of comparisons in which nothing has changed. @param rows  the watchers of each kind of comparison, by name */
export function tableOf(rows) {
  const lines = Object.entries(rows).map(([name, watchers]) => {
    const judged = watchers.filter(({ judged }) => judged > 0).length;
    const wrong = watchers.filter(({ coloured }) => coloured.size > 0).length;
    return bar([name, watchers.length, judged, wrong, percent(wrong, watchers.length)]);
  });
  return [bar(HEAD), bar(HEAD.map(() => '---')), ...lines].join('\n');
}

/** What a comparison coloured, for the log. */
export function describe({ coloured, looks, judged }) {
  const cells = Array.from(
    coloured,
    ([cell, { looks, change }]) => `${cell} ${(100 * change.value).toFixed(0)} % in ${looks}`,
  );
  return `${looks} looks, ${judged} with enough time; coloured: ${cells.join(', ') || 'none'}`;
}
