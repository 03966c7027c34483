import type { ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { rangeOf } from '../../base/histogram/bucket-range.ts';
import { type FineHistogram, MAX_BUCKETS } from '../../base/histogram/fine-histogram.ts';

type Buckets = ExponentialHistogram['positive'];

/** Buckets, and how often every two of them become one. */
interface Part extends Buckets {
  readonly shift: number;
}

/**
 * OTLP has the buckets from the lowest to the highest that is not empty as one array, zeros included. They are as many as in
 * memory, at most `MAX_BUCKETS`, and most take a byte of a push.
 * @param count of the values, as it is in `fine`
 */
export function exponentialHistogram(fine: FineHistogram, count: number, sum: number): ExponentialHistogram {
  const { first, counts } = fine.toDense();
  return {
    count,
    sum,
    scale: fine.scale,
    zeroCount: fine.zeros,
    positive: { offset: first, bucketCounts: counts },
    negative: merge([]),
  };
}

/** The values of both: buckets of the finer one are parts of buckets of the coarser one. */
export function addExponentialHistograms(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  const coarsest = Math.min(a.scale, b.scale);
  const partsOf = (sign: 'positive' | 'negative', scale: number) =>
    [a, b].map((one): Part => ({ ...one[sign], shift: one.scale - scale }));
  const scale =
    coarsest - Math.max(shiftToFit(partsOf('positive', coarsest)), shiftToFit(partsOf('negative', coarsest)));
  return {
    count: a.count + b.count,
    ...(a.sum !== undefined && b.sum !== undefined && { sum: a.sum + b.sum }),
    ...(a.min !== undefined && b.min !== undefined && { min: Math.min(a.min, b.min) }),
    ...(a.max !== undefined && b.max !== undefined && { max: Math.max(a.max, b.max) }),
    scale,
    zeroCount: a.zeroCount + b.zeroCount,
    positive: merge(partsOf('positive', scale)),
    negative: merge(partsOf('negative', scale)),
  };
}

/** A histogram with the same scale, before anything was counted. */
export const emptyExponentialHistogram = ({ scale }: ExponentialHistogram): ExponentialHistogram => ({
  count: 0,
  sum: 0,
  scale,
  zeroCount: 0,
  positive: merge([]),
  negative: merge([]),
});

/** How often every two buckets must become one: as in memory, and those of an app's own histograms may be far apart. */
function shiftToFit(parts: readonly Part[]): number {
  const [low, high] = outermost(parts);
  let shift = 0;
  while (rangeOf(low >> shift, high >> shift).length > MAX_BUCKETS) shift++;
  return shift;
}

/** The indexes of the lowest and of the highest bucket; 0 and -1 where there is none. */
function outermost(parts: readonly Part[]): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { offset, bucketCounts, shift } of parts) {
    if (bucketCounts.length === 0) continue;
    low = Math.min(low, offset >> shift);
    high = Math.max(high, (offset + bucketCounts.length - 1) >> shift);
  }
  return low > high ? [0, -1] : [low, high];
}

function merge(parts: readonly Part[]): Buckets {
  const [offset, high] = outermost(parts);
  const bucketCounts = new Array<number>(high - offset + 1).fill(0);
  for (const part of parts) {
    for (const [i, count] of part.bucketCounts.entries()) {
      if (count !== 0) (bucketCounts[((part.offset + i) >> part.shift) - offset] as number) += count;
    }
  }
  return { offset, bucketCounts };
}
