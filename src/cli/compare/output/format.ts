import type { Counts, EndpointResult, QuantileResult, Side, Verdict } from '../model.ts';

const three = (value: number): string => Number(value.toPrecision(3)).toString();

/** As people say it; `-` for what is not known. @param top the highest bound, for what is above it */
export function seconds(value: number | undefined, top: number): string {
  if (value === undefined) return '-';
  if (value === Number.POSITIVE_INFINITY) return `> ${seconds(top, top)}`;
  return value >= 1 ? `${three(value)} s` : `${three(value * 1000)} ms`;
}

export const count = (value: number): string => Math.round(value).toLocaleString('en');

/** A share of 0 to 1. */
export const share = (value: number | undefined): string =>
  value === undefined ? '-' : `${Number((value * 100).toPrecision(2))} %`;

/** A change, with its sign. */
export const change = (value: number | undefined): string =>
  value === undefined ? '' : `${value > 0 ? '+' : ''}${Number((value * 100).toPrecision(2))} %`;

export const interval = ({ low, high }: QuantileResult): string =>
  low === undefined || high === undefined ? '' : `(${change(low)} to ${change(high)})`;

/** What is said of an endpoint beside its percentiles. */
export function facts(result: EndpointResult, objective: string): string {
  const [before, after] = result.requests;
  const pair = ([one, other]: readonly [number | undefined, number | undefined]) => `${share(one)} -> ${share(other)}`;
  return [
    `${count(before)} -> ${count(after)} requests`,
    `over ${objective}: ${pair(result.slow)}`,
    `5xx: ${pair(result.errors)}`,
  ].join('; ');
}

/** From when to when, and how much of it there is. */
export function period({ name, blocks }: Side): string {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return name;
  const time = (at: number) => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${name}: ${time(first.from)} to ${time(last.to)}, ${blocks.length} block${blocks.length === 1 ? '' : 's'}`;
}

/** `p99`, `p99.9`. */
export const percentile = (q: number): string => `p${Number((q * 100).toFixed(3))}`;

export const COLOUR: Readonly<Record<Verdict, number | undefined>> = {
  faster: 32,
  slower: 31,
  'no evidence': undefined,
  'below resolution': undefined,
  'too few requests': undefined,
};

export function sumOf(all: readonly Counts[]): Counts {
  const [first] = all;
  const counts = new Array<number>(first?.counts.length ?? 0).fill(0);
  let [requests, errors, time] = [0, 0, 0];
  for (const one of all) {
    requests += one.requests;
    errors += one.errors;
    time += one.seconds;
    one.counts.forEach((n, i) => {
      (counts[i] as number) += n;
    });
  }
  return { requests, errors, seconds: time, counts };
}
