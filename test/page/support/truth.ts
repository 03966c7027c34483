import type { App } from '../../support/app.ts';

/** How long the requests of each path took, in seconds, by the clock of the app. */
export const readDurations = async (service: App): Promise<Record<string, number[]>> =>
  (await (await fetch(service.url('/durations'))).json()) as Record<string, number[]>;

/**
 * The exact quantile, which is the smallest value that is at least as large as this share of all, and its two neighbours: on a
 * busy machine this package and the app may read their clocks milliseconds apart for one request.
 */
export function exactQuantile(values: readonly number[], q: number): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const i = Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1);
  return sorted.slice(Math.max(0, i - 1), i + 2);
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1 };

/** The seconds of a text such as `18.3 ms`. */
export function parseSeconds(text: string): number {
  const [, value, unit] = /^([\d.]+) (m?s)$/.exec(text) ?? [];
  return unit === undefined ? Number.NaN : Number(value) * (UNITS[unit] as number);
}
