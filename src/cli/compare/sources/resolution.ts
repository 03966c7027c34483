import { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import type { EndpointTotals, Side } from '../../../statistics/model.ts';

/**
 * Gives two sides the same resolution. A percentile of narrow buckets beside one of wide buckets would differ even if nothing
 * changed, so where one side has only explicit buckets, these of the other side are compared.
 */
export function alignResolution(sides: readonly [Side, Side]): [Side, Side] {
  const [before, after] = sides;
  if (sides.every(isFine)) return [before, after];
  return [withoutFine(before), withoutFine(after)];
}

/** Whether all of it has narrow buckets. */
export const isFine = ({ blocks }: Side): boolean =>
  blocks.every(({ endpoints }) => [...endpoints.values()].every(({ histogram }) => histogram instanceof FineHistogram));

function withoutFine(side: Side): Side {
  const coarse = (totals: EndpointTotals): EndpointTotals =>
    totals.buckets === undefined ? totals : { ...totals, histogram: totals.buckets };
  return {
    ...side,
    blocks: side.blocks.map((block) => ({
      ...block,
      endpoints: new Map(Array.from(block.endpoints, ([key, totals]) => [key, coarse(totals)])),
    })),
  };
}
