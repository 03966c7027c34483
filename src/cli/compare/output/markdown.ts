import type { Comparison, EndpointResult, MeasureResult } from '../../../statistics/model.ts';
import { stripControls } from '../../terminal.ts';
import { explain } from './explanation.ts';
import { formatCount } from './format.ts';
import { describeLeftOut, describeMethod, describeResult, describeSide } from './summary.ts';
import { describeChange, describePair, measureName, SERVICE_NAME, verdictWord } from './words.ts';

/** The comparison for a pull request. @param explained  whether the method is explained in full */
export function renderMarkdown(comparison: Comparison, explained: boolean): string {
  const { method, sides, service, endpoints, missing, objective } = comparison;
  const row = (name: string, result: EndpointResult) => [
    name,
    result.requests.map(formatCount).join(' → '),
    ...result.measures.map(markdownCell),
  ];
  const head = ['', 'requests', ...service.measures.map(({ measure }) => measureName(measure, objective))];
  const rows = [row(SERVICE_NAME, service), ...endpoints.map((result) => row(markdownCode(result.key), result))];
  return [
    ...describeResult(comparison, markdownCode).flatMap((line) => [line, '']),
    ...[...sides.map((side) => describeSide(method, side)), ...describeLeftOut(comparison)].map((fact) => `- ${fact}`),
    '',
    ...markdownTable([head, ...rows]),
    '',
    ...Object.entries(missing)
      .filter(([, keys]) => keys.length > 0)
      .map(([side, keys]) => `Only ${side}: ${keys.map(markdownCode).join(', ')}\n`),
    ...(explained ? explain(comparison).flatMap((text) => [text, '']) : [describeMethod(comparison), '']),
  ].join('\n');
}

/** `20.2 ms → 17.1 ms`, and below it `**faster** -15 % (-17 % to -13 %)`. */
function markdownCell(one: MeasureResult): string {
  const word = verdictWord(one);
  const isClaim = one.verdict === 'better' || one.verdict === 'worse';
  const facts = [isClaim ? `**${word}**` : word, ...describeChange(one)];
  return `${describePair(one, '→')}<br>${facts.filter((text) => text !== '').join(' ')}`;
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
