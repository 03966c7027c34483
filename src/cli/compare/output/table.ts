import { clean } from '../../doctor/print.ts';
import type { Comparison, EndpointResult } from '../model.ts';
import { COLOUR, change, facts, interval, percentile, period, seconds } from './format.ts';

/** So many endpoints are shown, those that took most of the time; the other formats have all. */
const SHOWN = 20;

/** The comparison as people read it. */
export function table(comparison: Comparison, colours: boolean): string {
  const { sides, service, endpoints, missing, method } = comparison;
  const top = sides[0].bounds.at(-1) ?? 0;
  const objective = seconds(comparison.objective, top);
  const paint = (colour: number | undefined, text: string) =>
    colours && colour !== undefined ? `\x1b[${colour}m${text}\x1b[0m` : text;

  const part = (name: string, result: EndpointResult): string[] => {
    const rows = result.quantiles.map((quantile) => [
      `  ${percentile(quantile.q)}`,
      `${seconds(quantile.before, top)} -> ${seconds(quantile.after, top)}`,
      change(quantile.change),
      interval(quantile),
      quantile.verdict,
    ]);
    const lines = columns(rows).map((line, i) => {
      const verdict = result.quantiles[i]?.verdict as keyof typeof COLOUR;
      return `${line.slice(0, line.length - verdict.length)}${paint(COLOUR[verdict], verdict)}`;
    });
    return [`${name}   ${facts(result, objective)}`, ...lines, ''];
  };

  const lines = sides.map((side) => clean(period(side)));
  lines.push('', ...part('The service, at the mix of before', service));
  for (const result of endpoints.slice(0, SHOWN)) lines.push(...part(clean(result.key), result));
  if (endpoints.length > SHOWN) lines.push(`${endpoints.length - SHOWN} more endpoints; --format json has them.`, '');
  for (const [side, keys] of Object.entries(missing)) {
    if (keys.length > 0) lines.push(`Only ${side}: ${clean(keys.join(', '))}`, '');
  }
  lines.push(...wrapped(method.text), '');
  return lines.join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd((widths[i] ?? 0) + 2))).join(''),
  );
}

function wrapped(text: string, width = 100): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
