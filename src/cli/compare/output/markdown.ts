import { clean } from '../../doctor/print.ts';
import type { Comparison, EndpointResult, QuantileResult } from '../model.ts';
import { change, count, interval, percentile, period, seconds, share } from './format.ts';

/** The comparison as one would paste it into a pull request. */
export function markdown(comparison: Comparison): string {
  const { sides, service, endpoints, missing, method } = comparison;
  const top = sides[0].bounds.at(-1) ?? 0;
  const cell = (quantile: QuantileResult) =>
    [
      `${seconds(quantile.before, top)} → ${seconds(quantile.after, top)}`,
      [`**${quantile.verdict}**`, change(quantile.change), interval(quantile)].filter((text) => text !== '').join(' '),
    ].join('<br>');
  const pair = ([before, after]: readonly [number | undefined, number | undefined]) =>
    `${share(before)} → ${share(after)}`;
  const row = (name: string, result: EndpointResult) => [
    name,
    result.requests.map(count).join(' → '),
    ...result.quantiles.map(cell),
    pair(result.slow),
    pair(result.errors),
  ];
  const head = [
    '',
    'requests',
    ...service.quantiles.map(({ q }) => percentile(q)),
    `over ${seconds(comparison.objective, top)}`,
    '5xx',
  ];
  const rows = [
    row('the service, at the mix of before', service),
    ...endpoints.map((result) => row(code(result.key), result)),
  ];
  const only = Object.entries(missing)
    .filter(([, keys]) => keys.length > 0)
    .map(([side, keys]) => `Only ${side}: ${keys.map(code).join(', ')}\n`);
  return [
    ...sides.map((side) => `- ${period(side)}`),
    '',
    ...tableOf([head, ...rows]),
    '',
    ...only,
    method.text,
    '',
  ].join('\n');
}

/** The first row is the head. */
export function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`);
}

/** With as many ticks as the text needs. */
export const code = (text: string): string => {
  const ticks = '`'.repeat(Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  // One of its own at an end would lengthen them; a line of its own would end it.
  const pad = /^`|`$/.test(text) ? ' ' : '';
  return `${ticks}${pad}${clean(text)}${pad}${ticks}`;
};
const escaped = (cell: string): string => cell.replaceAll('|', '\\|').replace(/\p{Cc}/gu, ' ');
