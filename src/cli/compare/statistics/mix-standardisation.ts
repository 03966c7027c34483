import type { Block, Side } from '../model.ts';
import { added, total } from './quantile.ts';
import type { CountsOf } from './windows.ts';

/** So much of the mix may be of endpoints that a window has no request of; with more, it does not speak for the service. */
const UNSEEN = 0.1;

/** One endpoint as it is. */
export const alone = (key: string, { bounds }: Side): CountsOf => {
  const buckets = bounds.length + 1;
  return (blocks) =>
    added(
      blocks.flatMap(({ endpoints }) => {
        const found = endpoints.get(key);
        return found ? [found.counts] : [];
      }),
      buckets,
    );
};

/**
 * The service at a mix of endpoints that is always the same, as epidemiologists compare two countries whose ages differ:
 * were each window taken as it is, more requests of a fast endpoint would look like a faster service.
 *
 * There are as many requests in it as it is worth (Kish's effective sample size): where ten requests of an endpoint stand
 * for half of the mix, a thousand of the others tell no more of the service. The side that the mix is of stays as it is.
 * @param mix  share of each endpoint in all requests, by key; of an endpoint that a window has no request of, the window is
 *             taken to do as its whole side does
 * @see https://en.wikipedia.org/wiki/Effective_sample_size
 */
export function standardised(side: Side, mix: ReadonlyMap<string, number>): CountsOf {
  const buckets = side.bounds.length + 1;
  const parts = Array.from(mix, ([key, share]) => {
    const of = alone(key, side);
    return { share, of, whole: of(side.blocks) };
  });
  return (blocks: readonly Block[]) => {
    const sum = new Array<number>(buckets).fill(0);
    let [unseen, spread] = [0, 0];
    for (const { share, of, whole } of parts) {
      const own = of(blocks);
      const isSeen = total(own) > 0;
      const counts = isSeen ? own : whole;
      const all = total(counts);
      if (!isSeen) unseen += share;
      spread += share ** 2 / all;
      counts.forEach((count, i) => {
        (sum[i] as number) += (count / all) * share;
      });
    }
    return spread > 0 && unseen <= UNSEEN ? sum.map((share) => share / spread) : sum.fill(0);
  };
}

/** Each endpoint's share of the timed requests before; of those only that are timed on both sides, unlike event streams. */
export function mixOf(before: Side, after: Side, keys: readonly string[]): Map<string, number> {
  const timed = (side: Side, key: string) => total(alone(key, side)(side.blocks));
  const counts = keys
    .filter((key) => timed(before, key) > 0 && timed(after, key) > 0)
    .map((key) => [key, timed(before, key)] as const);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return new Map(counts.map(([key, count]) => [key, count / all]));
}
