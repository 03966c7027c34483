import type { Comparison, EndpointResult, MeasureResult } from '../../../statistics/model.ts';
import { stripControls } from '../../terminal.ts';
import {
  describePeriod,
  formatChange,
  formatCount,
  formatInterval,
  formatPair,
  formatSeconds,
  measureName,
} from './format.ts';
import { methodText } from './method-text.ts';

/** The comparison for a pull request. */
export function renderMarkdown(comparison: Comparison): string {
  const { sides, service, endpoints, missing } = comparison;
  const top = sides[0].bounds?.at(-1) ?? 0;
  const objective = formatSeconds(comparison.objective, top);
  const cell = (result: MeasureResult) =>
    [
      formatPair(result, top, '→'),
      [`**${result.verdict}**`, formatChange(result.change?.value), formatInterval(result)]
        .filter((text) => text !== '')
        .join(' '),
    ].join('<br>');
  const row = (name: string, result: EndpointResult) => [
    name,
    result.requests.map(formatCount).join(' → '),
    ...result.measures.map(cell),
  ];
  const head = ['', 'requests', ...service.measures.map(({ measure }) => measureName(measure, objective))];
  const rows = [
    row('the service, weighted by the endpoint mix before', service),
    ...endpoints.map((result) => row(markdownCode(result.key), result)),
  ];
  const missingLines = Object.entries(missing)
    .filter(([, keys]) => keys.length > 0)
    .map(([side, keys]) => `Only ${side}: ${keys.map(markdownCode).join(', ')}\n`);
  return [
    ...sides.map((side) => `- ${describePeriod(side)}`),
    '',
    ...markdownTable([head, ...rows]),
    '',
    ...missingLines,
    methodText(comparison),
    '',
  ].join('\n');
}

/** The first row is the head. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`);
}

/** Inline code for any text: the fence has one backtick more than the longest run in the text. */
export const markdownCode = (text: string): string => {
  const fence = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  // A backtick at either end of the text would lengthen the fence.
  const padding = /^`|`$/.test(text) ? ' ' : '';
  // A line break would end the code.
  return `${fence}${padding}${stripControls(text)}${padding}${fence}`;
};

const escapeCell = (cell: string): string => stripControls(cell.replaceAll('|', '\\|'));
