import type { Period } from '../model/batches.ts';
import type { Comparison } from '../model/compare.ts';
import type { Mark } from '../model/mark-storage.ts';
import { formatCount, formatEstimate, formatTime } from './format.ts';
import { describeOutcome } from './outcome.ts';
import { words } from './words.ts';

/** The comparison as a Markdown table, for a chat or a pull request. */
export function comparisonMarkdown(
  service: string,
  { name, before, at }: Mark,
  after: Period,
  comparisons: readonly Comparison[],
): string {
  const header = [words.endpoint, words.requests, 'p50', 'p90', 'p99'];
  const rows = comparisons.map(({ key, requests, quantiles }) => [
    // The path of a request without a route may contain any character.
    `\`${key.replaceAll('`', "'")}\``,
    formatBeforeAfter(formatCount(requests.before), formatCount(requests.after)),
    ...quantiles.map(({ before, after, outcome }) => {
      const values = formatBeforeAfter(formatEstimate(before), formatEstimate(after));
      return `${values}; ${describeOutcome(outcome)}`;
    }),
  ]);
  const table = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`);
  const periods = [
    `${words.before}: ${formatPeriod(before.from, before.to)}`,
    `${words.after}: ${formatPeriod(Math.max(at, after.from), after.to)}`,
  ];
  return [`**${service}: ${name}**`, '', periods.join('; '), '', ...table, '', words.compareHint, ''].join('\n');
}

export const formatBeforeAfter = (before: string, after: string): string => `${before} → ${after}`;

const formatPeriod = (from: number, to: number): string => `${formatTime(from)} – ${formatTime(to)}`;

const escapeCell = (cell: string): string => cell.replaceAll('|', '\\|');
