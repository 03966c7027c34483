import type { Comparison, EndpointResult, Verdict } from '../../../statistics/model.ts';
import { type Colour, paint, stripControls } from '../../terminal.ts';

import {
  describeEndpoint,
  describePeriod,
  formatChange,
  formatInterval,
  formatPair,
  formatSeconds,
  measureName,
} from './format.ts';
import { methodText } from './method-text.ts';

/** The endpoints that took most of the time are shown. The other formats have all of them. */
const MAX_ENDPOINTS = 20;
const TEXT_WIDTH_CHARS = 100;

const VERDICT_COLOUR: Readonly<Partial<Record<Verdict, Colour>>> = { better: 'green', worse: 'red' };

/** The comparison for a terminal. */
export function renderTable(comparison: Comparison, colours: boolean): string {
  const { sides, service, endpoints, missing } = comparison;
  const top = sides[0].bounds?.at(-1) ?? 0;
  const objective = formatSeconds(comparison.objective, top);
  const colour = (verdict: Verdict) => {
    const name = VERDICT_COLOUR[verdict];
    return colours && name !== undefined ? paint(name, verdict) : verdict;
  };

  const section = (name: string, result: EndpointResult): string[] => {
    const rows = result.measures.map((one) => [
      `  ${measureName(one.measure, objective)}`,
      formatPair(one, top, '->'),
      formatChange(one.change?.value),
      formatInterval(one),
      one.verdict,
    ]);
    const lines = alignColumns(rows).map((line, i) => {
      const verdict = result.measures[i]?.verdict as Verdict;
      return `${line.slice(0, line.length - verdict.length)}${colour(verdict)}`;
    });
    return [`${name}   ${describeEndpoint(result)}`, ...lines, ''];
  };

  const lines = sides.map((side) => stripControls(describePeriod(side)));
  lines.push('', ...section('The service, weighted by the endpoint mix before', service));
  for (const result of endpoints.slice(0, MAX_ENDPOINTS)) lines.push(...section(stripControls(result.key), result));
  if (endpoints.length > MAX_ENDPOINTS)
    lines.push(`${endpoints.length - MAX_ENDPOINTS} more endpoints; --format json shows them.`, '');
  for (const [side, keys] of Object.entries(missing)) {
    if (keys.length > 0) lines.push(`Only ${side}: ${stripControls(keys.join(', '))}`, '');
  }
  lines.push(...wrapText(methodText(comparison)), '');
  return lines.join('\n');
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd((widths[i] ?? 0) + 2))).join(''),
  );
}

function wrapText(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length >= TEXT_WIDTH_CHARS) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
