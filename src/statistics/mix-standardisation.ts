import { ExplicitHistogram } from '../base/histogram/explicit-histogram.ts';
import type { Histogram } from '../base/histogram/histogram.ts';
import type { Block, EndpointTotals, Side } from './model.ts';
import { sumTotals } from './totals.ts';

/** The totals of one endpoint, or of the service, over some blocks; nothing where the blocks cannot represent it. */
export type TotalsOf = (blocks: readonly Block[]) => EndpointTotals;

/** A window represents the service if it has requests of endpoints that are at least 1 - this share of the mix. */
const MAX_UNSEEN_SHARE = 0.1;

const emptyTotals = ({ blocks, bounds }: Side): EndpointTotals => {
  const any = blocks
    .find(({ endpoints }) => endpoints.size > 0)
    ?.endpoints.values()
    .next().value;
  const histogram: Histogram = any?.histogram.createEmpty() ?? new ExplicitHistogram(bounds ?? []);
  return { requests: 0, errors: 0, seconds: 0, histogram, buckets: any?.buckets?.createEmpty() };
};

/** The totals of one endpoint. */
export const endpointTotals = (key: string, side: Side): TotalsOf => {
  const none = emptyTotals(side);
  return (blocks) =>
    sumTotals([none, ...blocks.map(({ endpoints }) => endpoints.get(key)).filter((own) => own !== undefined)]);
};

/** Each endpoint's share of the requests before, and of the timed requests before, by key. */
export interface Mix {
  readonly requests: ReadonlyMap<string, number>;
  readonly timed: ReadonlyMap<string, number>;
}

/**
 * The totals of the service at a fixed mix of endpoints. Epidemiologists compare two countries of different ages in
 * this way. Without it, more requests to a fast endpoint would look like a faster service.
 *
 * They are scaled to Kish's effective sample size: where ten requests of an endpoint stand for half of the mix,
 * a thousand requests of the others do not tell more about the service. The side that the mix is of stays unchanged.
 * An endpoint without a request in a window is taken to behave there as in its whole side.
 * @see https://en.wikipedia.org/wiki/Effective_sample_size
 */
export function standardisedTotals(side: Side, mix: Mix): TotalsOf {
  const none = emptyTotals(side);
  const parts = Array.from(mix.requests.keys(), (key) => {
    const totalsOf = endpointTotals(key, side);
    return { key, totalsOf, whole: totalsOf(side.blocks) };
  });
  return (blocks) => {
    const seen = parts.map(({ key, totalsOf, whole }) => ({ key, own: totalsOf(blocks), whole }));
    const timed = weightParts(seen, mix.timed, ({ histogram }) => histogram.total);
    const counted = weightParts(seen, mix.requests, ({ requests }) => requests);
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
  };
}

interface Part {
  readonly key: string;
  readonly own: EndpointTotals;
  readonly whole: EndpointTotals;
}

/** What one request of each endpoint counts, so that the sum is the effective sample size. */
function weightParts(
  parts: readonly Part[],
  shares: ReadonlyMap<string, number>,
  countOf: (totals: EndpointTotals) => number,
): { size: number; parts: { totals: EndpointTotals; weight: number }[] } {
  let [unseenShare, variance] = [0, 0];
  const weighted: { totals: EndpointTotals; weight: number }[] = [];
  for (const { key, own, whole } of parts) {
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

/** The mix before, of the endpoints that have requests, or timed requests, on both sides. */
export function trafficMix(
  before: ReadonlyMap<string, EndpointTotals>,
  after: ReadonlyMap<string, EndpointTotals>,
): Mix {
  return {
    requests: shares(before, after, ({ requests }) => requests),
    timed: shares(before, after, ({ histogram }) => histogram.total),
  };
}

function shares(
  before: ReadonlyMap<string, EndpointTotals>,
  after: ReadonlyMap<string, EndpointTotals>,
  countOf: (totals: EndpointTotals) => number,
): Map<string, number> {
  const counts = Array.from(before, ([key, totals]) => [key, countOf(totals)] as const).filter(([key, count]) => {
    const later = after.get(key);
    return count > 0 && later !== undefined && countOf(later) > 0;
  });
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return new Map(counts.map(([key, count]) => [key, count / total]));
}
