import type { Comparison, QuantileComparison } from '../model/compare.ts';
import { describeEstimate, formatCount, formatEstimate } from '../text/format.ts';
import { formatBeforeAfter } from '../text/markdown.ts';
import { describeOutcome, type Verdict, verdictOf } from '../text/outcome.ts';
import { words } from '../text/words.ts';
import { type Column, Table } from './table.ts';

const VERDICT_CLASSES: Readonly<Record<Verdict, string>> = { faster: 'good', slower: 'bad', 'no evidence': 'quiet' };

const quantileColumn = (name: string, index: 0 | 1 | 2): Column<Comparison> => ({
  name,
  cell: ({ quantiles }) => {
    const { before, after, outcome } = quantiles[index] as QuantileComparison;
    return {
      text: formatBeforeAfter(formatEstimate(before), formatEstimate(after)),
      tooltip: `${words.before}: ${describeEstimate(before)} ${words.after}: ${describeEstimate(after)}`,
      note: describeOutcome(outcome),
      className: VERDICT_CLASSES[verdictOf(outcome)],
    };
  },
});

export const comparisonTable = (): Table<Comparison> =>
  new Table({
    caption: words.marks,
    keyOf: ({ key }) => key,
    columns: [
      { name: words.endpoint, cell: ({ key }) => ({ text: key }) },
      {
        name: words.requests,
        cell: ({ requests }) => ({
          text: formatBeforeAfter(formatCount(requests.before), formatCount(requests.after)),
        }),
      },
      quantileColumn('p50', 0),
      quantileColumn('p90', 1),
      quantileColumn('p99', 2),
    ],
  });
