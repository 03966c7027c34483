import { ExplicitHistogram } from '../base/histogram/explicit-histogram.ts';
import type { Side } from './model.ts';

/** Where one side has only explicit buckets, both are compared by them. */
export function comparableSides(sides: readonly [before: Side, after: Side]): readonly [before: Side, after: Side] {
  const [before, after] = sides.map(hasOnlyBuckets);
  if (before === after) return sides;
  return [byBuckets(sides[0]), byBuckets(sides[1])];
}

const hasOnlyBuckets = ({ blocks }: Side): boolean =>
  blocks.some(({ endpoints }) =>
    Array.from(endpoints.values()).some(({ histogram }) => histogram instanceof ExplicitHistogram),
  );

const byBuckets = (side: Side): Side => ({
  ...side,
  blocks: side.blocks.map((block) => ({
    ...block,
    endpoints: new Map(
      Array.from(block.endpoints, ([key, totals]) => [
        key,
        { ...totals, histogram: totals.buckets ?? totals.histogram },
      ]),
    ),
  })),
});
