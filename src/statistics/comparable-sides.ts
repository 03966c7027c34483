import type { Side } from './model.ts';

/**
 * Gives two sides the same resolution. A percentile of fine buckets beside one of wide buckets would differ even if nothing
 * changed, so where anything has only explicit buckets, all is compared by them.
 */
export function comparableSides(sides: readonly [before: Side, after: Side]): readonly [before: Side, after: Side] {
  return sides.every(isFine) ? sides : [byBuckets(sides[0]), byBuckets(sides[1])];
}

/** Whether all of it has fine buckets. */
export const isFine = ({ blocks }: Pick<Side, 'blocks'>): boolean =>
  blocks.every(({ endpoints }) => Array.from(endpoints.values()).every(({ histogram }) => histogram.isFine));

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
