import { type Comparison, type EndpointResult, MEASURES, type MeasureResult } from '../../../statistics/model.ts';
import { OBJECTIVE_SECONDS } from '../model/compare.ts';
import { formatBeforeAfter, formatCount, formatSeconds } from '../text/format.ts';
import { describeOutcome, formatValues, nameOf, toneOf } from '../text/outcome.ts';
import { words } from '../text/words.ts';
import { type Column, Table } from './table.ts';

/** @property isService whether it is the row of all endpoints together */
export interface ComparisonRow extends EndpointResult {
  readonly isService: boolean;
  readonly comparison: Comparison;
}

export function comparisonRows(comparison: Comparison): ComparisonRow[] {
  const { service, endpoints } = comparison;
  return [
    { ...service, key: words.allEndpoints, isService: true, comparison },
    ...endpoints.map((endpoint) => ({ ...endpoint, isService: false, comparison })),
  ];
}

const measureColumns = MEASURES.map(
  (measure, i): Column<ComparisonRow> => ({
    name: nameOf(measure, OBJECTIVE_SECONDS),
    ...(measure === 'slow' && { tooltip: words.slowHint(formatSeconds(OBJECTIVE_SECONDS)) }),
    ...(measure === 'errors' && { tooltip: words.errorsHint }),
    cell: ({ measures, comparison }) => {
      const result = measures[i] as MeasureResult;
      const tone = toneOf(result);
      return {
        text: formatValues(result),
        note: describeOutcome(result, comparison),
        className: tone === 'quiet' ? '' : tone,
      };
    },
  }),
);

export const comparisonTable = (): Table<ComparisonRow> =>
  new Table({
    caption: words.marks,
    keyOf: ({ key }) => key,
    isStacked: true,
    columns: [
      {
        name: words.endpoint,
        cell: ({ key, requests, isService }) => ({
          text: key,
          note: words.requestCount(formatBeforeAfter(formatCount(requests[0]), formatCount(requests[1]))),
          ...(isService && { tooltip: words.allEndpointsHint }),
        }),
      },
      ...measureColumns,
    ],
  });
