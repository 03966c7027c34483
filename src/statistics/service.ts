import { freeze } from './frozen-histogram.ts';
import type { EndpointTotals } from './model.ts';
import type { Series } from './windows.ts';

/** A window represents the service if it has requests of endpoints that are at least 1 - this share of the mix. */
const MAX_UNSEEN_SHARE = 0.1;

/** Each endpoint's share of the requests before, and of the timed requests before, by key. */
export interface Mix {
  readonly requests: ReadonlyMap<string, number>;
  readonly timed: ReadonlyMap<string, number>;
}

/** The mix before, of the endpoints that have requests, or timed requests, on both sides. */
export function trafficMix(before: ReadonlyMap<string, Series>, after: ReadonlyMap<string, Series>): Mix {
  const shares = (countOf: (totals: EndpointTotals) => number) => {
    const counts = Array.from(before, ([key, { whole }]) => [key, countOf(whole)] as const).filter(([key, count]) => {
      const later = after.get(key);
      return count > 0 && later !== undefined && countOf(later.whole) > 0;
    });
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    return new Map(counts.map(([key, count]) => [key, count / total]));
  };
  return { requests: shares(({ requests }) => requests), timed: shares(({ histogram }) => freeze(histogram).total) };
}

/**
 * The service at a fixed mix of endpoints. Epidemiologists compare two countries of different ages in this way. Without it,
 * more requests to a fast endpoint would look like a faster service.
 *
 * Its totals are scaled to Kish's effective sample size: where ten requests of an endpoint stand for half of the mix, a
 * thousand requests of the others do not tell more about the service. The side that the mix is of stays unchanged. An
 * endpoint without a request in a window is taken to behave there as in its whole side.
 * @see https://en.wikipedia.org/wiki/Effective_sample_size
 */
export function standardise(all: ReadonlyMap<string, Series>, mix: Mix, none: EndpointTotals): Series {
  const series = Array.from(all, ([key, own]) => ({ key, own }));
  const combine = (totalsOf: (series: Series) => EndpointTotals) =>
    combineEndpoints(
      series.map(({ key, own }) => ({ key, totals: totalsOf(own), whole: own.whole })),
      mix,
      none,
    );
  const [
    {
      own: { seconds, counts },
    } = { own: { seconds: 0, counts: [] } },
  ] = series;
  const known = new Map<number, EndpointTotals[]>();
  const windows = (count: number) => {
    const found =
      known.get(count) ?? Array.from({ length: count }, (_, i) => combine((own) => own.windows(count)[i] ?? none));
    known.set(count, found);
    return found;
  };
  return { whole: combine(({ whole }) => whole), seconds, counts, windows };
}

interface Part {
  readonly key: string;
  readonly totals: EndpointTotals;
  readonly whole: EndpointTotals;
}

/** Nothing where the window does not represent the service. */
function combineEndpoints(parts: readonly Part[], mix: Mix, none: EndpointTotals): EndpointTotals {
  const timed = weightParts(parts, mix.timed, ({ histogram }) => freeze(histogram).total);
  const counted = weightParts(parts, mix.requests, ({ requests }) => requests);
  const histogram = none.histogram.createEmpty();
  const buckets = none.buckets?.createEmpty();
  let [seconds, errors] = [0, 0];
  for (const { totals, weight } of timed.parts) {
    histogram.add(totals.histogram, weight);
    if (totals.buckets !== undefined) buckets?.add(totals.buckets, weight);
    seconds += weight * totals.seconds;
  }
  for (const { totals, weight } of counted.parts) errors += weight * totals.errors;
  return { requests: counted.size, errors, seconds, histogram, buckets };
}

/** What one request of each endpoint counts, so that the sum is the effective sample size. */
function weightParts(
  parts: readonly Part[],
  shares: ReadonlyMap<string, number>,
  countOf: (totals: EndpointTotals) => number,
): { size: number; parts: { totals: EndpointTotals; weight: number }[] } {
  let [unseenShare, variance] = [0, 0];
  const weighted: { totals: EndpointTotals; weight: number }[] = [];
  for (const { key, totals: own, whole } of parts) {
    const share = shares.get(key);
    if (share === undefined) continue;
    const isSeen = countOf(own) > 0;
    if (!isSeen) unseenShare += share;
    const totals = isSeen ? own : whole;
    variance += share ** 2 / countOf(totals);
    weighted.push({ totals, weight: share / countOf(totals) });
  }
  if (variance === 0 || unseenShare > MAX_UNSEEN_SHARE) return { size: 0, parts: [] };
  return { size: 1 / variance, parts: weighted.map(({ totals, weight }) => ({ totals, weight: weight / variance })) };
}
