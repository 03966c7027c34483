/** Figures as text. */
const formatDuration = (seconds) => {
  if (Number.isNaN(seconds)) return '-';
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
};
const formatShare = (part) => (part > 0 ? `${(part * 100).toFixed(1)} %` : '-');

const COLUMNS = [
  ['req/s', (row) => row.perSecond.toFixed(1)],
  ['p50', (row) => formatDuration(row.p50)],
  ['p90', (row) => formatDuration(row.p90)],
  ['p99', (row) => formatDuration(row.p99)],
  ['mean', (row) => formatDuration(row.mean)],
  ['5xx', (row) => formatShare(row.failed)],
];

export function formatTable(rows, seconds) {
  const width = Math.max(24, ...rows.map((row) => row.endpoint.length + 2));
  const line = (first, cells) => first.padEnd(width) + cells.map((cell) => cell.padStart(9)).join('');
  return [
    line(
      `last ${Math.round(seconds)} s`,
      COLUMNS.map(([title]) => title),
    ),
    ...rows.map((row) =>
      line(
        row.endpoint,
        COLUMNS.map(([, cell]) => cell(row)),
      ),
    ),
    '',
    describeHiddenTail(rows),
  ];
}

/**
 * One sentence on the endpoint whose mean hides the longest tail, if there is one. Endpoints with fewer than 50
 * requests are left out: their p99 is one or two requests, which is chance.
 */
function describeHiddenTail(rows) {
  const tailRatio = (row) => row.p99 / row.mean;
  const [worst] = rows
    .filter((row) => row.count >= 50 && row.p99 > 0.25 && tailRatio(row) > 5 && row.p50 < row.mean)
    .filter((row) => !row.endpoint.startsWith('->'))
    .sort((a, b) => tailRatio(b) - tailRatio(a));
  if (!worst) return 'No mean hides a tail so far: every p99 is short, or close to the mean.';
  return `${worst.endpoint}: the mean says ${formatDuration(worst.mean)}; half of the requests take less than ${formatDuration(worst.p50)}, and 1 in 100 takes more than ${formatDuration(worst.p99)}.`;
}
