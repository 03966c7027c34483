import { type Comparison, type EndpointResult, MEASURES } from '../../../statistics/model.ts';
import { formatBeforeAfter, formatCount } from './format.ts';
import { describeOutcome, describeSides, formatValues, nameOf } from './outcome.ts';
import { words } from './words.ts';

/** The comparison as a Markdown table, for a chat or a pull request. @param title  what is compared */
export function comparisonMarkdown(title: string, comparison: Comparison): string {
  const { service, endpoints, objective } = comparison;
  const header = [words.endpoint, words.requests, ...MEASURES.map((measure) => nameOf(measure, objective))];
  const cells = (name: string, { requests, measures }: EndpointResult) => [
    name,
    formatBeforeAfter(formatCount(requests[0]), formatCount(requests[1])),
    ...measures.map((result) => {
      const outcome = describeOutcome(result, comparison);
      return outcome === '' ? formatValues(result) : `${formatValues(result)}; ${outcome}`;
    }),
  ];
  const rows = [
    cells(words.allEndpoints, service),
    // The path of a request without a route may contain any character.
    ...endpoints.map((endpoint) => cells(`\`${endpoint.key.replaceAll('`', "'")}\``, endpoint)),
  ];
  const table = [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`);
  return [`**${title}**`, '', describeSides(comparison).join('<br>\n'), '', ...table, '', words.compareHint, ''].join(
    '\n',
  );
}

const escapeCell = (cell: string): string => cell.replaceAll('|', '\\|');
