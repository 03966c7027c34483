import type { EndpointResult, QuantileResult, Side } from '../model.ts';

const threeDigits = (value: number): string => Number(value.toPrecision(3)).toString();

/** `9.77 ms`, `2.19 s`; `-` where it is unknown. @param top  the highest bound: `> 10 s` above it */
export function formatSeconds(value: number | undefined, top: number): string {
  if (value === undefined) return '-';
  if (value === Number.POSITIVE_INFINITY) return `> ${formatSeconds(top, top)}`;
  return value >= 1 ? `${threeDigits(value)} s` : `${threeDigits(value * 1000)} ms`;
}

export const formatCount = (value: number): string => Math.round(value).toLocaleString('en');

/** @param value  0 to 1 */
export const formatShare = (value: number | undefined): string =>
  value === undefined ? '-' : `${Number((value * 100).toPrecision(2))} %`;

/** A change with its sign, such as `-10 %` for -0.1; empty where it is unknown. */
export const formatChange = (value: number | undefined): string =>
  value === undefined ? '' : `${value > 0 ? '+' : ''}${Number((value * 100).toPrecision(2))} %`;

export const formatInterval = ({ low, high }: QuantileResult): string =>
  low === undefined || high === undefined ? '' : `(${formatChange(low)} to ${formatChange(high)})`;

/** Requests, slow requests and errors of an endpoint. */
export function describeEndpoint(result: EndpointResult, objective: string): string {
  const [before, after] = result.requests;
  const pair = ([before, after]: readonly [number | undefined, number | undefined]) =>
    `${formatShare(before)} -> ${formatShare(after)}`;
  return [
    `${formatCount(before)} -> ${formatCount(after)} requests`,
    `over ${objective}: ${pair(result.slow)}`,
    `5xx: ${pair(result.errors)}`,
  ].join('; ');
}

/** The name, the time and the number of blocks of a side. */
export function describePeriod({ name, blocks }: Side): string {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return name;
  const time = (at: number) => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${name}: ${time(first.from)} to ${time(last.to)}, ${blocks.length} block${blocks.length === 1 ? '' : 's'}`;
}

/** `p99`, `p99.9`. */
export const percentileName = (q: number): string => `p${Number((q * 100).toFixed(3))}`;
