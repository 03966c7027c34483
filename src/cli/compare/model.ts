/** What one endpoint did in a stretch of time. */
export interface Counts {
  /** Requests that ended, whatever became of them. */
  readonly requests: number;
  /** Those of them that were answered with 5xx. */
  readonly errors: number;
  /** Seconds spent by those that were timed; event streams are not. */
  readonly seconds: number;
  /** How many of those that were timed fell into each bucket; the last one has no upper bound. Not cumulative. */
  readonly counts: readonly number[];
}

/**
 * A stretch of time, in seconds since 1970: a round of a load, or a part of a period.
 * @property endpoints by key, `GET /users/:id`; those that had no request may be missing
 */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly endpoints: ReadonlyMap<string, Counts>;
}

/** One side of a comparison: its blocks, oldest first, and the bounds of their buckets in seconds. */
export interface Side {
  readonly name: string;
  readonly bounds: readonly number[];
  readonly blocks: readonly Block[];
}

/**
 * What may be said of two sides depends on how they were taken.
 * `rounds`: the same load was put on both by turns, so that block i of one side belongs to block i of the other.
 * `periods`: one after the other, under whatever load there was.
 * `versions`: at the same time; block i of both sides is the same stretch of time.
 */
export type Method = 'rounds' | 'periods' | 'versions';

export type Verdict = 'faster' | 'slower' | 'no evidence' | 'below resolution' | 'too few requests';

/**
 * One percentile, before and after.
 * @property before  seconds, interpolated as Prometheus does; Infinity above the top bound; undefined where it has none
 * @property change  -0.1 is a tenth faster; a mean over blocks, after / before - 1 where there are too few of them; undefined
 *                   where it cannot be told
 * @property low     of its confidence interval; likewise
 * @property high
 * @property p       the probability of a difference at least as large where there is none; corrected by Holm over endpoints
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
 * One endpoint, or the service as a whole.
 * @property slow    share of the timed requests slower than the objective, exactly, 0 to 1; undefined where none was timed
 * @property errors  share of the requests answered with 5xx, 0 to 1
 * @property counts  of all blocks together, for drawing; of the service after as many requests as it is worth
 *
 * Of the service after, all but `requests` is standardised to the mix of before.
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
 * @property method     which one, and in words what was done, for whoever reads the result
 * @property objective  seconds; one of the bounds
 * @property service    all endpoints that are on both sides, standardised to the mix of before, so that a shift in traffic
 *                      fakes no win
 * @property endpoints  those on both sides, most time spent before first
 * @property missing    endpoints on one side only
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
