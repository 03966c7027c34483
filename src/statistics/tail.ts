import { type BoundedValue, type Bucket, type Histogram, knownValue, quantileOf } from '../base/histogram/histogram.ts';

/**
 * The slow requests of an endpoint that are apart from the others, such as those that waited for a service that hung.
 * @property share    of the timed requests, above 0 and up to 0.4
 * @property seconds  their median: infinite above the top bound of a histogram
 * @property median   of all timed requests
 */
export interface Tail {
  readonly share: number;
  readonly seconds: BoundedValue;
  readonly median: BoundedValue;
}

/** People notice waits from here on. @see https://www.nngroup.com/articles/response-times-3-important-limits/ */
export const NOTICEABLE_SECONDS = 0.1;
/** The requests of a tail take this many times as long as the median. */
export const MIN_RATIO = 10;
/** With more, they are no tail: percentiles and mean show them. */
const MAX_SHARE = 0.4;
/** With fewer, nearly each endpoint has a tail after some hours. */
const MIN_SHARE = 0.001;
const MIN_REQUESTS = 3;
/** Below a tail lies a valley, as wide as from a value to its double or wider. It holds a quarter of the tail's requests at most. */
const MAX_VALLEY_RATIO = 0.25;
/** Of valleys, in powers of 2. */
const MAX_VALLEY_WIDTH = 10;
/** A valley is found by chance in 1 of 1,000 distributions without one. */
const MIN_EVIDENCE = Math.log(1000);
/** A mean that is this many times smaller than the tail hides it. */
const MIN_MEAN_RATIO = 4;

/**
 * Finds slow requests that are apart from the others. A smooth distribution has no such tail, even a wide one: from any value
 * above the median to its double lie about as many requests as above that double, or more.
 * @param minSeconds  tails with a smaller median are not looked for
 * @returns the clearest tail; undefined where there is none
 */
export function findTail(histogram: Histogram, minSeconds = NOTICEABLE_SECONDS): Tail | undefined {
  const median = quantileOf(histogram, 0.5);
  if (median === undefined) return undefined;
  const buckets = histogram.buckets();
  const countsFrom = sumFromEnd(buckets);
  const total = countsFrom[0] as number;
  const minSlow = Math.max(minSeconds, MIN_RATIO * median.value);
  let [start, evidence, middle] = [0, MIN_EVIDENCE, 0];
  for (let i = 1; i < buckets.length; i++) {
    const count = countsFrom[i] as number;
    if (count > total * MAX_SHARE || count < Math.max(total * MIN_SHARE, MIN_REQUESTS)) continue;
    while ((countsFrom[middle + 1] ?? 0) >= count / 2) middle++;
    if ((buckets[middle] as Bucket).low < minSlow) continue;
    const found = valleyEvidence(buckets, countsFrom, i);
    if (found > evidence) [start, evidence] = [i, found];
  }
  if (start === 0) return undefined;
  const share = (countsFrom[aboveWidestGap(buckets, countsFrom, start)] as number) / total;
  return { share, seconds: quantileOf(histogram, 1 - share / 2) as BoundedValue, median };
}

/** @returns whether the mean looks fine although the tail is slow */
export function hidesTail(mean: number, { seconds }: Pick<Tail, 'seconds'>): boolean {
  return mean <= knownValue(seconds) / MIN_MEAN_RATIO;
}

/**
 * A share in words, as in "3 in 100".
 * @param share  above 0 and below 1
 * @returns whole numbers, within 10 % of the share where 10,000 are enough for that
 */
export function shareAsCounts(share: number): readonly [count: number, of: number] {
  const isClose = (of: number) => Math.abs(Math.round(share * of) / of - share) <= 0.1 * share;
  const of = [10, 100, 1000].find(isClose) ?? 10_000;
  return [Math.max(1, Math.round(share * of)), of];
}

/** @returns for each bucket, the requests in it and in those above */
function sumFromEnd(buckets: readonly Bucket[]): number[] {
  let sum = 0;
  return buckets.map((_, i) => (sum += (buckets.at(-1 - i) as Bucket).count)).reverse();
}

/** How clearly a tail that starts with this bucket is apart, with a valley of the width at which that is clearest. */
function valleyEvidence(buckets: readonly Bucket[], countsFrom: readonly number[], start: number): number {
  const { low } = buckets[start] as Bucket;
  const count = countsFrom[start] as number;
  let [evidence, bottom] = [0, start];
  for (let width = 1; width <= MAX_VALLEY_WIDTH; width++) {
    // Counted as a whole: what a bucket holds may all lie in its upper part.
    while (bottom > 0 && (buckets[bottom - 1] as Bucket).high > low / 2 ** width) bottom--;
    const valley = (countsFrom[bottom] as number) - count;
    if (valley > count * MAX_VALLEY_RATIO) break;
    evidence = Math.max(evidence, binomialEvidence(count, count + valley, 2 ** -width));
  }
  return evidence;
}

/**
 * Where the valley is emptiest, the tail starts: those in the valley above it belong to the tail. What is less than half of
 * the next value does not, such as the first requests of a process.
 */
function aboveWidestGap(buckets: readonly Bucket[], countsFrom: readonly number[], start: number): number {
  const gapBelow = (i: number) => (buckets[i] as Bucket).low / (buckets[i - 1] as Bucket).high;
  const maxCount = (countsFrom[start] as number) * (1 + MAX_VALLEY_RATIO);
  let widest = start;
  for (let i = start - 1; i > 0 && gapBelow(widest) < 2 && (countsFrom[i] as number) <= maxCount; i--) {
    if (gapBelow(i) > gapBelow(widest)) widest = i;
  }
  return widest;
}

/** @returns the negative logarithm of an upper limit of the probability of `count` or more out of `of` (Chernoff) */
function binomialEvidence(count: number, of: number, probability: number): number {
  const share = count / of;
  if (share <= probability) return 0;
  const rest = share < 1 ? (1 - share) * Math.log((1 - share) / (1 - probability)) : 0;
  return of * (share * Math.log(share / probability) + rest);
}
