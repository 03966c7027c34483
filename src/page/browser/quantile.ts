/**
 * What a histogram knows of a percentile.
 * @property samples of how many durations
 * @property needed  with fewer than these, less than one of them is in the tail
 * @property low     lower bound of its bucket, in seconds
 * @property high    upper bound, likewise; the estimate may be anywhere in between
 * @property small   less than ten of them are in the tail
 */
export type Estimate =
  | { readonly kind: 'few'; readonly samples: number; readonly needed: number }
  | { readonly kind: 'over'; readonly samples: number; readonly low: number; readonly small: boolean }
  | {
      readonly kind: 'value';
      readonly samples: number;
      readonly seconds: number;
      readonly low: number;
      readonly high: number;
      readonly small: boolean;
    };

/**
 * The percentile as Prometheus' `histogram_quantile` interpolates it, where it can be told at all.
 * @param counts of each bucket; the last one has no upper bound
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function quantile(counts: readonly number[], bounds: readonly number[], q: number): Estimate {
  const samples = counts.reduce((sum, count) => sum + count, 0);
  const needed = Math.round(1 / (1 - q));
  if (samples < needed) return { kind: 'few', samples, needed };
  const small = samples < 10 * needed;
  const rank = q * samples;
  let below = 0;
  let bucket = 0;
  while (bucket < bounds.length && below + (counts[bucket] as number) < rank) below += counts[bucket++] as number;
  const low = bucket === 0 ? 0 : (bounds[bucket - 1] as number);
  const high = bounds[bucket];
  if (high === undefined) return { kind: 'over', samples, low, small };
  const seconds = low + ((high - low) * (rank - below)) / (counts[bucket] as number);
  return { kind: 'value', samples, seconds, low, high, small };
}

/** As a number to compare by; undefined where there is none. */
export function secondsOf(estimate: Estimate): number | undefined {
  if (estimate.kind === 'few') return undefined;
  return estimate.kind === 'over' ? Number.POSITIVE_INFINITY : estimate.seconds;
}
