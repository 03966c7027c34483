import type { Histogram } from '../base/histogram/histogram.ts';

/** A histogram that does not change any more. Its buckets are made once, because many measures ask for them. */
type FrozenHistogram = Pick<Histogram, 'isFine' | 'total' | 'buckets'>;

const known = new WeakMap<Histogram, FrozenHistogram>();

/** @param histogram  must not be changed after this */
export function freeze(histogram: Histogram): FrozenHistogram {
  const found = known.get(histogram);
  if (found) return found;
  const buckets = histogram.buckets();
  const frozen: FrozenHistogram = {
    isFine: histogram.isFine,
    total: buckets.reduce((sum, { count }) => sum + count, 0),
    buckets: () => buckets,
  };
  known.set(histogram, frozen);
  return frozen;
}
