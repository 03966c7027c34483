import { addCounts } from '../../base/histogram.ts';

/**
 * What one endpoint counted in a stretch of time.
 * @property requests  finished requests
 * @property errors    requests answered with 5xx
 * @property seconds   spent by the timed requests; event streams are not timed
 * @property counts    timed requests per bucket, not cumulative; the last bucket has no upper bound
 */
export interface EndpointTotals {
  readonly requests: number;
  readonly errors: number;
  readonly seconds: number;
  readonly counts: readonly number[];
}

/**
 * A stretch of time, in seconds since 1970: one round of a load, or a part of a period.
 * @property endpoints  by key, as in `GET /users/:id`; endpoints without a request may be missing
 */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly endpoints: ReadonlyMap<string, EndpointTotals>;
}

/** One side of a comparison: its blocks, oldest first, and the bounds of their buckets in seconds. */
export interface Side {
  readonly name: string;
  readonly bounds: readonly number[];
  readonly blocks: readonly Block[];
}

/**
 * Selects endpoints by exact values; undefined selects all.
 * @property prefix  of the names of the metrics (`APM_METRIC_PREFIX`); none by default
 */
export interface EndpointFilter {
  readonly prefix?: string | undefined;
  readonly job?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
}

/**
 * How the two sides were taken. It decides what may be claimed of them.
 * - `rounds`: both ran alternately under the same load; block i of one side belongs to block i of the other
 * - `periods`: one after the other, under any load
 * - `versions`: at the same time; block i of both sides is the same stretch of time
 */
export type Method = 'rounds' | 'periods' | 'versions';

export type Verdict = 'faster' | 'slower' | 'no evidence' | 'below resolution' | 'too few requests';

/**
 * One percentile, before and after.
 * @property before  seconds, interpolated as Prometheus does; Infinity above the top bound; undefined without requests
 * @property change  -0.1 is 10 % faster; the mean over blocks, or after / before - 1 with too few blocks; undefined
 *                   where it is unknown
 * @property low     of its confidence interval; undefined where it is unknown
 * @property high    likewise
 * @property p       the probability of a difference at least this large if nothing changed; Holm-corrected over
 *                   endpoints
 */
export interface QuantileResult {
  readonly q: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly change: number | undefined;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly p: number | undefined;
  readonly verdict: Verdict;
}

/**
 * One endpoint, or the service as a whole. For the service, everything of the side after except `requests` is
 * standardised to the endpoint mix before.
 * @property slow    exact share of the timed requests slower than the objective, 0 to 1; undefined without timed
 *                   requests
 * @property errors  share of the requests answered with 5xx, 0 to 1
 * @property counts  of all blocks together, for drawing; for the service after, scaled to the effective sample size
 */
export interface EndpointResult {
  readonly key: string;
  readonly requests: readonly [before: number, after: number];
  readonly quantiles: readonly QuantileResult[];
  readonly slow: readonly [before: number | undefined, after: number | undefined];
  readonly errors: readonly [before: number, after: number];
  readonly counts: readonly [before: readonly number[], after: readonly number[]];
}

/**
 * @property method     which one, and an explanation for the reader
 * @property objective  seconds; one of the bounds
 * @property service    all endpoints of both sides at the mix before, so that a shift in traffic is not a change
 * @property endpoints  of both sides, most time spent before first
 * @property missing    endpoints of one side only
 */
export interface Comparison {
  readonly method: { readonly name: Method; readonly text: string };
  readonly sides: readonly [before: Side, after: Side];
  readonly confidence: number;
  readonly objective: number;
  readonly service: EndpointResult;
  readonly endpoints: readonly EndpointResult[];
  readonly missing: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** Adds up totals with the same bounds. */
export function sumTotals(all: readonly EndpointTotals[]): EndpointTotals {
  const counts = new Array<number>(all[0]?.counts.length ?? 0).fill(0);
  let [requests, errors, seconds] = [0, 0, 0];
  for (const totals of all) {
    requests += totals.requests;
    errors += totals.errors;
    seconds += totals.seconds;
    addCounts(counts, totals.counts);
  }
  return { requests, errors, seconds, counts };
}

/** The totals of each endpoint over all blocks of a side. */
export function totalsByEndpoint({ blocks }: Side): Map<string, EndpointTotals> {
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
