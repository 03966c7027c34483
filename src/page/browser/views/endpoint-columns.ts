import type { EndpointRow } from '../model/endpoint-rows.ts';
import { secondsOf } from '../model/estimate.ts';
import { describeTail, formatCount, formatPercent, formatRatio, formatSeconds, NO_NUMBER } from '../text/format.ts';
import { words } from '../text/words.ts';
import { estimateCell } from './estimate-cell.ts';
import type { Column } from './table.ts';

const errorRate = ({ totals }: EndpointRow): number => totals.errors / Math.max(totals.requests, 1);

export const ENDPOINT_COLUMNS: readonly Column<EndpointRow>[] = [
  {
    name: words.endpoint,
    sortValue: ({ key }) => key,
    cell: (row) => ({
      text: row.key,
      ...(row.tail && {
        note: `${words.hiddenTail}: ${describeTail(row.tail)}`,
        tooltip: words.hiddenTailHint,
        className: 'marked',
      }),
    }),
  },
  { name: 'p99', sortValue: ({ p99 }) => secondsOf(p99), cell: ({ p99 }) => estimateCell(p99) },
  { name: 'p50', sortValue: ({ p50 }) => secondsOf(p50), cell: ({ p50 }) => estimateCell(p50) },
  {
    name: words.tailRatio,
    tooltip: words.tailRatioHint,
    sortValue: ({ tailRatio }) => tailRatio,
    cell: ({ tailRatio }) => ({
      text: tailRatio === undefined ? NO_NUMBER : formatRatio(tailRatio),
      tooltip: words.tailRatioHint,
    }),
  },
  {
    name: words.requests,
    sortValue: ({ totals }) => totals.requests,
    cell: ({ totals }) => ({ text: formatCount(totals.requests) }),
  },
  {
    name: words.timeShare,
    tooltip: words.timeShareHint,
    sortValue: ({ timeShare }) => timeShare,
    cell: ({ timeShare, totals }) => ({ text: formatPercent(timeShare), tooltip: formatSeconds(totals.seconds) }),
  },
  {
    name: words.errorsColumn,
    tooltip: words.errorsHint,
    sortValue: errorRate,
    cell: (row) => ({
      text: formatPercent(errorRate(row)),
      tooltip: `5xx ${formatCount(row.totals.errors)}, 4xx ${formatCount(row.totals.clientErrors)}`,
      className: row.totals.errors > 0 ? 'bad' : '',
    }),
  },
];
