/** From figures to what a person reads. */
export const duration = (seconds) => {
  if (Number.isNaN(seconds)) return '-';
  return seconds < 1 ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : `${seconds.toFixed(2)} s`;
};
const share = (part) => (part > 0 ? `${(part * 100).toFixed(1)} %` : '-');

const COLUMNS = [
  ['req/s', (row) => row.perSecond.toFixed(1)],
  ['p50', (row) => duration(row.p50)],
  ['p90', (row) => duration(row.p90)],
  ['p99', (row) => duration(row.p99)],
  ['mean', (row) => duration(row.mean)],
  ['5xx', (row) => share(row.failed)],
];

export function table(rows, seconds) {
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
    remark(rows),
  ];
}

/**
 * The one thing to look at: the endpoint whose mean hides most, if one does. Said of no endpoint with fewer than 50
 * requests, since the p99 of so few is one request's luck.
 */
export function remark(rows) {
  const hides = (row) => row.p99 / row.mean;
  const [worst] = rows
    .filter((row) => row.count >= 50 && row.p99 > 0.25 && hides(row) > 5 && row.p50 < row.mean)
    .filter((row) => !row.endpoint.startsWith('->'))
    .sort((a, b) => hides(b) - hides(a));
  if (!worst) return 'No mean hides a tail yet: every p99 is either short or near its mean.';
  return `${worst.endpoint}: the mean says ${duration(worst.mean)}; half wait less than ${duration(worst.p50)}, and 1 in 100 waits over ${duration(worst.p99)}.`;
}
