import type { Block, Side } from '../model.ts';
import { added, total } from './quantile.ts';
import type { CountsOf } from './windows.ts';

const of = (block: Block, key: string): readonly number[] => block.endpoints.get(key)?.counts ?? [];

/** All blocks of a side together, by endpoint. */
export const pooled = ({ blocks, bounds }: Side, key: string): number[] =>
  added(
    blocks.map((block) => of(block, key)),
    bounds.length + 1,
  );

/**
 * The service at a mix of endpoints that is always the same, as epidemiologists compare two countries whose ages differ:
 * were each block taken as it is, more requests of a fast endpoint would look like a faster service.
 * @param mix share of each endpoint in all requests, by key, each timed on this side; of an endpoint that a block has no
 *            request of, the block is taken to do as its whole side does
 */
export function standardised(side: Side, mix: ReadonlyMap<string, number>): CountsOf {
  const buckets = side.bounds.length + 1;
  const whole = new Map(Array.from(mix.keys(), (key) => [key, pooled(side, key)]));
  return (block) => {
    const sum = new Array<number>(buckets).fill(0);
    let requests = 0;
    for (const [key, share] of mix) {
      const own = of(block, key);
      const found = total(own);
      requests += found;
      const counts = found > 0 ? own : (whole.get(key) as number[]);
      const all = found > 0 ? found : total(counts);
      for (let i = 0; i < buckets; i++) (sum[i] as number) += ((counts[i] ?? 0) / all) * share;
    }
    // With as many as there were: how many there are is what a percentile can be told from.
    return requests > 0 ? sum.map((share) => share * requests) : undefined;
  };
}

/** Each endpoint's share of the timed requests before. */
export function mixOf(before: Side, keys: readonly string[]): Map<string, number> {
  const counts = keys.map((key) => [key, total(pooled(before, key))] as const);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return new Map(counts.map(([key, count]) => [key, count / all]));
}
