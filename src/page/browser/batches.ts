import type { Counters } from '../protocol.ts';
import { Sum } from './sum.ts';
import type { Moment } from './timeline.ts';

/** Requests are cut into so many batches, one after another: how much they differ tells how much it would differ by itself. */
export const BATCHES = 5;

/**
 * What each endpoint did in a stretch of time, small enough to be kept.
 * @property batches by endpoint's key, oldest first
 */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly bounds: readonly number[];
  readonly batches: readonly Readonly<Record<string, Counters>>[];
}

export function stretchOf(moments: readonly Moment[], bounds: readonly number[]): Stretch | undefined {
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const slots = new Map<string, Counters[]>();
  for (const { endpoints } of moments) {
    for (const [key, tallied] of endpoints) {
      const found = slots.get(key);
      if (found) found.push(tallied);
      else slots.set(key, [tallied]);
    }
  }
  const batches = Array.from({ length: BATCHES }, (): Record<string, Counters> => ({}));
  for (const [key, all] of slots) {
    batched(all, bounds.length + 1).forEach((sum, i) => {
      if (sum.requests > 0 || sum.timed > 0) (batches[i] as Record<string, Counters>)[key] = sum.tallied;
    });
  }
  return { from: first.at - first.ms, to: last.at, bounds, batches };
}

/** Batches of as many durations each as whole slots allow: a pause, of which half an hour has many, makes none empty. */
function batched(slots: readonly Counters[], buckets: number): Sum[] {
  const sums = Array.from({ length: BATCHES }, () => new Sum(buckets));
  const sizes = slots.map(([, , , , , ...counts]) => counts.reduce((sum, count) => sum + count, 0));
  const each = sizes.reduce((sum, size) => sum + size, 0) / BATCHES;
  let before = 0;
  slots.forEach((tallied, i) => {
    const size = sizes[i] as number;
    const batch = each === 0 ? 0 : Math.min(BATCHES - 1, Math.floor((before + size / 2) / each));
    (sums[batch] as Sum).add(tallied);
    before += size;
  });
  return sums;
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
