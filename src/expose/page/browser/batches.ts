import type { Tallied } from '../data.ts';
import { Sum } from './sum.ts';
import type { Moment } from './timeline.ts';

/** A stretch of time is cut into so many: how much they differ tells how much it would differ by itself. */
export const BATCHES = 5;

/**
 * What each endpoint did in a stretch of time, small enough to be kept.
 * @property batches by endpoint's key, oldest first
 */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly bounds: readonly number[];
  readonly batches: readonly Readonly<Record<string, Tallied>>[];
}

export function stretchOf(moments: readonly Moment[], bounds: readonly number[]): Stretch | undefined {
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const from = first.at - first.ms;
  const each = (last.at - from) / BATCHES;
  const sums = Array.from({ length: BATCHES }, () => new Map<string, Sum>());
  for (const { at, ms, endpoints } of moments) {
    const batch = Math.min(BATCHES - 1, Math.floor((at - ms / 2 - from) / each));
    for (const [key, tallied] of endpoints) {
      const found = sums[batch] as Map<string, Sum>;
      const sum = found.get(key) ?? new Sum(bounds.length + 1);
      found.set(key, sum.add(tallied));
    }
  }
  const batches = sums.map((found) => Object.fromEntries(Array.from(found, ([key, sum]) => [key, sum.tallied])));
  return { from, to: last.at, bounds, batches };
}

/** One endpoint in it: each batch's sum. */
export function batchesOf({ batches, bounds }: Stretch, key: string): Sum[] {
  return batches.map((batch) => {
    const sum = new Sum(bounds.length + 1);
    const tallied = batch[key];
    return tallied ? sum.add(tallied) : sum;
  });
}

export function whole(batches: readonly Sum[], buckets: number): Sum {
  return batches.reduce((sum, batch) => sum.add(batch.tallied), new Sum(buckets));
}
