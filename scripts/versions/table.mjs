// Formats rows as a table for a terminal.
const TITLES = { what: '', current: 'pinned', newest: 'newest', newerLine: 'newer line', where: 'in' };

export function table(rows) {
  const keys = Object.keys(TITLES);
  const cells = [TITLES, ...rows].map((row) => keys.map((key) => row[key] ?? ''));
  const widths = keys.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  return cells
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
