import type { Bucket, Histogram } from '../base/histogram/histogram.ts';

/** A histogram that does not change any more. Its buckets are made once, because many measures ask for them. */
interface FrozenHistogram extends Pick<Histogram, 'total' | 'interpolate' | 'shareBelow'> {
  buckets(): Bucket[];
}

const known = new WeakMap<Histogram, FrozenHistogram>();

/** @param histogram  must not be changed after this */
export function freeze(histogram: Histogram): FrozenHistogram {
  const found = known.get(histogram);
  if (found) return found;
  const buckets = histogram.buckets();
  const frozen: FrozenHistogram = {
    total: buckets.reduce((sum, { count }) => sum + count, 0),
    buckets: () => buckets,
    interpolate: (bucket, share, isAtEdge) => histogram.interpolate(bucket, share, isAtEdge),
    shareBelow: (bucket, value) => histogram.shareBelow(bucket, value),
  };
  known.set(histogram, frozen);
  return frozen;
}
