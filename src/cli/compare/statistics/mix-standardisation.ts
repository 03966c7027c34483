import { addCounts, totalCount } from '../../../base/histogram.ts';
import type { Block, Side } from '../model.ts';

/** The histogram of one endpoint, or of the service, over some blocks; all 0 where the blocks cannot represent it. */
export type CountsOf = (blocks: readonly Block[]) => readonly number[];

/** A window represents the service if it has requests of endpoints that are at least 1 - this share of the mix. */
const MAX_UNSEEN_SHARE = 0.1;

/** The histogram of one endpoint. */
export const endpointCounts =
  (key: string, { bounds }: Side): CountsOf =>
  (blocks) => {
    const sum = new Array<number>(bounds.length + 1).fill(0);
    for (const { endpoints } of blocks) addCounts(sum, endpoints.get(key)?.counts ?? []);
    return sum;
  };

/**
 * The histogram of the service at a fixed mix of endpoints. Epidemiologists compare two countries of different ages in
 * this way. Without it, more requests to a fast endpoint would look like a faster service.
 *
 * The histogram is scaled to Kish's effective sample size: where ten requests of an endpoint stand for half of the mix,
 * a thousand requests of the others do not tell more about the service. The side that the mix is of stays unchanged.
 * @param mix  share of each endpoint in all requests, by key. An endpoint without a request in a window is taken to
 *             behave there as in its whole side
 * @see https://en.wikipedia.org/wiki/Effective_sample_size
 */
export function standardisedCounts(side: Side, mix: ReadonlyMap<string, number>): CountsOf {
  const buckets = side.bounds.length + 1;
  const parts = Array.from(mix, ([key, share]) => {
    const countsOf = endpointCounts(key, side);
    return { share, countsOf, whole: countsOf(side.blocks) };
  });
  return (blocks: readonly Block[]) => {
    const sum = new Array<number>(buckets).fill(0);
    let [unseenShare, variance] = [0, 0];
    for (const { share, countsOf, whole } of parts) {
      const own = countsOf(blocks);
      const isSeen = totalCount(own) > 0;
      const counts = isSeen ? own : whole;
      const total = totalCount(counts);
      if (!isSeen) unseenShare += share;
      variance += share ** 2 / total;
      addCounts(
        sum,
        counts.map((count) => (count / total) * share),
      );
    }
    const isRepresentative = variance > 0 && unseenShare <= MAX_UNSEEN_SHARE;
    return isRepresentative ? sum.map((share) => share / variance) : sum.fill(0);
  };
}

/** Each endpoint's share of the timed requests before; of the endpoints with timed requests on both sides. */
export function trafficMix(before: Side, after: Side, keys: readonly string[]): Map<string, number> {
  const timed = (side: Side, key: string) => totalCount(endpointCounts(key, side)(side.blocks));
  const counts = keys
    .filter((key) => timed(before, key) > 0 && timed(after, key) > 0)
    .map((key) => [key, timed(before, key)] as const);
  const total = totalCount(counts.map(([, count]) => count));
  return new Map(counts.map(([key, count]) => [key, count / total]));
}
