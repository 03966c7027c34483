import type { Comparison, EndpointResult, MeasureResult, Verdict } from '../../../statistics/model.ts';
import { type Colour, paint, stripControls } from '../../terminal.ts';
import { explain } from './explanation.ts';
import { describeLeftOut, describeMethod, describeResult, describeSide } from './summary.ts';
import { describeChange, describePair, describeRequests, measureName, SERVICE_NAME, verdictWord } from './words.ts';

/** The endpoints with a change, and those that took most of the time. The other formats have all of them. */
const MAX_ENDPOINTS = 20;
const TEXT_WIDTH_CHARS = 100;

const VERDICT_COLOUR: Readonly<Partial<Record<Verdict, Colour>>> = { better: 'green', worse: 'red' };

/**
 * @property colours    whether verdicts are coloured
 * @property explained  whether the method is explained in full
 */
export interface TableSettings {
  readonly colours: boolean;
  readonly explained: boolean;
}

/** The comparison for a terminal of 100 columns. */
export function renderTable(comparison: Comparison, { colours, explained }: TableSettings): string {
  const { method, sides, service, endpoints, missing, objective } = comparison;
  const sorted = [...endpoints].sort((a, b) => importance(b) - importance(a));
  const shown = [{ ...service, key: SERVICE_NAME }, ...sorted.slice(0, MAX_ENDPOINTS)];
  const rows = shown.map((result) => joinRows(result.measures.map((one) => createRow(one, objective))));
  const widths = columnWidths(rows.flat());
  const more = endpoints.length - MAX_ENDPOINTS;
  return [
    ...describeResult(comparison, unbreakable).flatMap(wrapText),
    '',
    ...sides.map((side) => stripControls(describeSide(method, side))),
    ...describeLeftOut(comparison).map(stripControls).flatMap(wrapText),
    '',
    ...shown.flatMap((result, i) => [
      `${stripControls(result.key)}   ${describeRequests(result, '->')}`,
      ...(rows[i] ?? []).map((row) => formatRow(row, widths, colours)),
      '',
    ]),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'endpoint' : 'endpoints'}: --format json shows all.`, ''] : []),
    ...Object.entries(missing).flatMap(([side, keys]) =>
      keys.length > 0 ? [...wrapText(`Only ${side}: ${keys.map(unbreakable).join(', ')}`), ''] : [],
    ),
    ...(explained ? explain(comparison) : [describeMethod(comparison)]).flatMap((text) => [...wrapText(text), '']),
  ].join('\n');
}

/** Endpoints that became worse come first, then those that became better; the order of others does not change. */
function importance({ measures }: EndpointResult): number {
  const has = (verdict: Verdict) => measures.some((one) => one.verdict === verdict);
  return has('worse') ? 2 : has('better') ? 1 : 0;
}

/** One measure, or several that say the same. @property cells  before and after, the change, its interval */
interface Row {
  readonly name: string;
  readonly cells: readonly string[];
  readonly verdict: Verdict;
  readonly word: string;
}

function createRow(one: MeasureResult, objective: number): Row {
  const cells = [describePair(one, '->'), ...describeChange(one)];
  return { name: measureName(one.measure, objective), cells, verdict: one.verdict, word: verdictWord(one) };
}

/** Rows that say the same, such as the shares of an endpoint without slow and failed requests, become one. */
function joinRows(rows: readonly Row[]): Row[] {
  const joined: Row[] = [];
  for (const row of rows) {
    const last = joined.at(-1);
    const isSame = last?.word === row.word && last.cells.join() === row.cells.join();
    if (isSame) joined[joined.length - 1] = { ...row, name: `${last.name}, ${row.name}` };
    else joined.push(row);
  }
  return joined;
}

const cellsOf = ({ name, cells }: Row): readonly string[] => [`  ${name}`, ...cells];

const columnWidths = (rows: readonly Row[]): number[] =>
  (rows[0] === undefined ? [] : cellsOf(rows[0])).map((_, i) =>
    Math.max(...rows.map((row) => cellsOf(row)[i]?.length ?? 0)),
  );

function formatRow(row: Row, widths: readonly number[], colours: boolean): string {
  const colour = colours ? VERDICT_COLOUR[row.verdict] : undefined;
  const padded = cellsOf(row).map((cell, i) => cell.padEnd((widths[i] ?? 0) + 2));
  return `${padded.join('')}${colour === undefined ? row.word : paint(colour, row.word)}`;
}

const NO_BREAK_SPACE = '\u00a0';

/** A key that stays on one line. */
const unbreakable = (key: string): string => stripControls(key).replaceAll(' ', NO_BREAK_SPACE);

function wrapText(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length >= TEXT_WIDTH_CHARS) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => line.replaceAll(NO_BREAK_SPACE, ' '));
}
