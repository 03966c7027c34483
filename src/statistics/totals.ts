import type { EndpointTotals, Side } from './model.ts';

/**
 * Adds up totals of one source.
 * @throws where they have different buckets, or there are none
 */
export function sumTotals(all: readonly EndpointTotals[]): EndpointTotals {
  const [first] = all;
  if (first === undefined) throw new Error('there are no totals to add up');
  const histogram = first.histogram.createEmpty();
  const buckets = all.every((totals) => totals.buckets !== undefined) ? first.buckets?.createEmpty() : undefined;
  let [requests, errors, seconds] = [0, 0, 0];
  for (const totals of all) {
    requests += totals.requests;
    errors += totals.errors;
    seconds += totals.seconds;
    histogram.add(totals.histogram);
    if (totals.buckets !== undefined) buckets?.add(totals.buckets);
  }
  return { requests, errors, seconds, histogram, buckets };
}

/** The totals of each endpoint over all blocks of a side. */
export function totalsByEndpoint({ blocks }: Pick<Side, 'blocks'>): Map<string, EndpointTotals> {
  const found = new Map<string, EndpointTotals[]>();
  for (const { endpoints } of blocks) {
    for (const [key, totals] of endpoints) {
      const all = found.get(key);
      if (all) all.push(totals);
      else found.set(key, [totals]);
    }
  }
  return new Map(Array.from(found, ([key, all]) => [key, sumTotals(all)]));
}
