import { BATCHES, batchesOf, type Stretch, whole } from './batches.ts';
import { type Estimate, quantile, secondsOf } from './quantile.ts';
import type { Sum } from './sum.ts';

export const QUANTILES = [0.5, 0.9, 0.99] as const;

/**
 * What became of a percentile.
 * @property few     too few requests in one of the batches: how many each needs at least
 * @property within  both are in one bucket, whose bounds these are: finer is nothing known
 * @property over    one of them is above the top bound
 * @property change  as a ratio, 0.9 is a tenth faster, with the bounds of its 95 % confidence interval, or of what the buckets
 *   leave open where that is more: `high` is infinite where it was below the first bound
 */
export type Outcome =
  | { readonly kind: 'few'; readonly needed: number }
  | { readonly kind: 'within'; readonly low: number; readonly high: number }
  | { readonly kind: 'over' }
  | { readonly kind: 'change'; readonly ratio: number; readonly low: number; readonly high: number };

export interface Compared {
  readonly key: string;
  readonly requests: readonly [before: number, after: number];
  readonly quantiles: readonly {
    readonly q: number;
    readonly before: Estimate;
    readonly after: Estimate;
    readonly outcome: Outcome;
  }[];
}

/** Each endpoint that is on both sides, those with most requests first. */
export function compare(before: Stretch, after: Stretch): Compared[] {
  if (before.bounds.join() !== after.bounds.join()) return [];
  const keysOf = ({ batches }: Stretch) => new Set(batches.flatMap((batch) => Object.keys(batch)));
  const later = keysOf(after);
  return Array.from(keysOf(before))
    .filter((key) => later.has(key))
    .map((key) => compareOne(key, before, after))
    .sort((a, b) => b.requests[1] - a.requests[1]);
}

function compareOne(key: string, before: Stretch, after: Stretch): Compared {
  const { bounds } = before;
  const [one, other] = [batchesOf(before, key), batchesOf(after, key)];
  const [sum, sumAfter] = [whole(one, bounds.length + 1), whole(other, bounds.length + 1)];
  return {
    key,
    requests: [sum.requests, sumAfter.requests],
    quantiles: QUANTILES.map((q) => {
      const [was, is] = [quantile(sum.counts, bounds, q), quantile(sumAfter.counts, bounds, q)];
      return { q, before: was, after: is, outcome: outcome(was, is, logs(one, bounds, q), logs(other, bounds, q), q) };
    }),
  };
}

/** Of each batch's percentile; undefined where one has none. */
function logs(batches: readonly Sum[], bounds: readonly number[], q: number): number[] | undefined {
  const found: number[] = [];
  for (const { counts } of batches) {
    const seconds = secondsOf(quantile(counts, bounds, q));
    if (seconds === undefined) return undefined;
    found.push(Math.log(seconds));
  }
  return found;
}

/** Batch means: slow changes of the load, which no single request knows of, are in the differences between batches. */
function outcome(
  was: Estimate,
  is: Estimate,
  before: readonly number[] | undefined,
  after: readonly number[] | undefined,
  q: number,
): Outcome {
  if (before === undefined || after === undefined) return { kind: 'few', needed: Math.round(1 / (1 - q)) };
  if (was.kind !== 'value' || is.kind !== 'value' || ![...before, ...after].every(Number.isFinite)) {
    return { kind: 'over' };
  }
  if (was.low === is.low) return { kind: 'within', low: was.low, high: is.high };
  const [a, b] = [spread(before), spread(after)];
  const error = Math.sqrt(a.squared + b.squared);
  const freedom = error === 0 ? 2 * (BATCHES - 1) : error ** 4 / ((a.squared ** 2 + b.squared ** 2) / (BATCHES - 1));
  const difference = Math.log(is.seconds) - Math.log(was.seconds);
  const margin = student(freedom) * error;
  // Where in its bucket a percentile is, no batch knows: five that agree may all be as far off.
  return {
    kind: 'change',
    ratio: Math.exp(difference),
    low: Math.min(Math.exp(difference - margin), is.low / was.high),
    high: Math.max(Math.exp(difference + margin), is.high / was.low),
  };
}

/** @returns the square of the mean's standard error */
function spread(values: readonly number[]): { squared: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { squared: variance / values.length };
}

/**
 * The 97.5th percentile of Student's t for 4 to 8 degrees of freedom, which is all that two times five batches have.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm
 */
const T_975 = [2.776, 2.571, 2.447, 2.365, 2.306];
function student(freedom: number): number {
  const place = Math.min(Math.max(freedom, 4), 8) - 4;
  const low = Math.floor(place);
  const [a, b] = [T_975[low] as number, T_975[Math.min(low + 1, 4)] as number];
  return a + (b - a) * (place - low);
}
