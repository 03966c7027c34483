import type { EndpointResult, Measure, MeasureResult, Side } from '../../../statistics/model.ts';

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

export const formatInterval = ({ change }: MeasureResult): string =>
  change === undefined ? '' : `(${formatChange(change.low)} to ${formatChange(change.high)})`;

/** Before and after, with an arrow between them. */
export function formatPair({ measure, before, after }: MeasureResult, top: number, arrow: string): string {
  const format = (value: number | undefined) =>
    measure === 'slow' || measure === 'errors' ? formatShare(value) : formatSeconds(value, top);
  return `${format(before?.value)} ${arrow} ${format(after?.value)}`;
}

/** `over 500 ms` and `5xx` for the shares. */
export function measureName(measure: Measure, objective: string): string {
  if (measure === 'slow') return `over ${objective}`;
  return measure === 'errors' ? '5xx' : measure;
}

/** Requests of an endpoint. */
export const describeEndpoint = ({ requests: [before, after] }: EndpointResult): string =>
  `${formatCount(before)} -> ${formatCount(after)} requests`;

/** The name, the time and the number of blocks of a side. */
export function describePeriod({ name, blocks }: Side): string {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return name;
  const time = (at: number) => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${name}: ${time(first.from)} to ${time(last.to)}, ${blocks.length} block${blocks.length === 1 ? '' : 's'}`;
}
