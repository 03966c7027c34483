/** Figures as text. */
import { shareAsCounts } from '../dist/statistics/tail.js';

const threeDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const formatSeconds = (seconds) =>
  seconds < 1 ? `${threeDigits.format(seconds * 1000)} ms` : `${threeDigits.format(seconds)} s`;
const formatPercentile = (seconds) => (seconds === undefined ? 'too few' : formatSeconds(seconds));
const formatShare = (part) => (part > 0 ? `${(part * 100).toFixed(1)} %` : '-');

const COLUMNS = [
  ['req/s', (row) => row.perSecond.toFixed(1)],
  ['p50', (row) => formatPercentile(row.p50)],
  ['p90', (row) => formatPercentile(row.p90)],
  ['p99', (row) => formatPercentile(row.p99)],
  ['mean', (row) => formatSeconds(row.mean)],
  ['5xx', (row) => formatShare(row.failed)],
];

export function formatTable(rows, seconds) {
  const width = Math.max(24, ...rows.map((row) => row.endpoint.length + 2));
  const line = (first, cells) => first.padEnd(width) + cells.map((cell) => cell.padStart(10)).join('');
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
    ...(rows.some(({ p99 }) => p99 === undefined) ? ['too few requests: a p50 needs 2, a p90 10, a p99 100'] : []),
    describeHiddenTail(rows),
  ];
}

/** One sentence on the endpoint whose mean hides the slowest tail, if there is one. */
function describeHiddenTail(rows) {
  const [worst] = rows
    .filter((row) => row.hiddenTail !== undefined && !row.endpoint.startsWith('->'))
    .sort((a, b) => b.hiddenTail.seconds - a.hiddenTail.seconds);
  if (!worst) return 'No mean hides a tail so far.';
  const { median } = worst.hiddenTail;
  return `${worst.endpoint}: the mean says ${formatSeconds(worst.mean)}; ${describeSlow(worst.hiddenTail)}, and the median is ${formatSeconds(median)}.`;
}

function describeSlow({ share, isApart, seconds }) {
  if (!isApart) return `1 in 100 requests takes ${formatSeconds(seconds)} or longer`;
  const [count, of] = shareAsCounts(share);
  return `${count} in ${of.toLocaleString('en')} requests ${count === 1 ? 'takes' : 'take'} about ${formatSeconds(seconds)}`;
}
