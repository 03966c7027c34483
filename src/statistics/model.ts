import type { ExplicitHistogram } from '../base/histogram/explicit-histogram.ts';
import type { BoundedValue, Histogram } from '../base/histogram/histogram.ts';

/**
 * What one endpoint counted in a stretch of time.
 * @property requests   finished requests
 * @property errors     requests answered with 5xx
 * @property seconds    spent by the timed requests; event streams are not timed
 * @property histogram  of the timed requests, in seconds: the finest that the source has
 * @property buckets    of the same requests, where the source has explicit bounds: their counts are exact there
 */
export interface EndpointTotals {
  readonly requests: number;
  readonly errors: number;
  readonly seconds: number;
  readonly histogram: Histogram;
  readonly buckets?: ExplicitHistogram | undefined;
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

/**
 * One side of a comparison.
 * @property blocks     oldest first
 * @property bounds     of `EndpointTotals.buckets`, seconds, ascending; undefined where there are none
 * @property starts     when processes of this side started, seconds since 1970, as far as the source knows
 */
export interface Side {
  readonly name: string;
  readonly blocks: readonly Block[];
  readonly bounds?: readonly number[] | undefined;
  readonly starts?: readonly number[];
}

/**
 * How the two sides were taken. It decides what may be claimed of them.
 * - `rounds`: both ran alternately under the same load; block i of one side belongs to block i of the other
 * - `periods`: one after the other, under any load
 * - `versions`: at the same time; block i of both sides is the same stretch of time
 */
export type Method = 'rounds' | 'periods' | 'versions';

/** `slow`: the share of the timed requests above the objective. `errors`: the share of all requests answered with 5xx. */
export const MEASURES = ['p50', 'p90', 'p99', 'mean', 'slow', 'errors'] as const;
export type Measure = (typeof MEASURES)[number];

/**
 * - `better`, `worse`: faster or slower; of `slow` and `errors`, fewer or more
 * - `no evidence`: it may have changed; this does not show it
 * - `too short`: there is too little time on one side; `needed` says how much
 * - `below resolution`: the buckets of the source leave open whether there is a change at all: both percentiles lie in one
 *   bucket, or in two that touch
 * - `too few requests`
 */
export type Verdict = 'better' | 'worse' | 'no evidence' | 'too short' | 'below resolution' | 'too few requests';

/**
 * @property value  undefined where explicit buckets leave open whether there is a change at all: within a bucket, the number
 *                  would be a guess
 * @property low    of the confidence interval, which is never narrower than the buckets
 */
export interface Change {
  readonly value: number | undefined;
  readonly low: number;
  readonly high: number;
}

/**
 * One measure of one endpoint, before and after.
 * @property before  seconds, or a share from 0 to 1. `low` and `high` are what the source leaves open: the bounds of the bucket.
 *                   Undefined without requests
 * @property change  of seconds: relative, -0.1 is 10 % faster. Of shares: the difference, -0.01 is one request in 100 fewer.
 *                   Undefined where unknown
 * @property p       the probability of a difference at least this large if nothing changed, corrected for everything that was
 *                   looked at; undefined where nothing was tested
 */
export interface MeasureResult {
  readonly measure: Measure;
  readonly before: BoundedValue | undefined;
  readonly after: BoundedValue | undefined;
  readonly change: Change | undefined;
  readonly p: number | undefined;
  readonly verdict: Verdict;
}

/**
 * One endpoint, or the service as a whole. For the service, everything of the side after except `requests` is standardised
 * to the endpoint mix before.
 * @property requests    that the measures rest on: without the start-up of processes and, where somebody watches, those after
 *                       the last look
 * @property histograms  of these blocks together, for drawing; of the service after, scaled to the effective sample size
 */
export interface EndpointResult {
  readonly key: string;
  readonly requests: readonly [before: number, after: number];
  readonly measures: readonly MeasureResult[];
  readonly histograms: readonly [before: Histogram, after: Histogram];
}

/** What a side has of the time that the method needs, without what was left out; in seconds. */
export interface Duration {
  readonly seconds: number;
  readonly needed: number;
}

/**
 * @property durations  of both sides: too short where `seconds` is less than `needed`
 * @property leftOut    seconds of the start-up of processes, which are left out of each side
 * @property objective  seconds
 * @property service    all endpoints of both sides at the mix before, so that a shift in traffic is not a change
 * @property endpoints  of both sides, most time spent before first
 * @property missing    endpoints of one side only
 */
export interface Comparison {
  readonly method: Method;
  readonly sides: readonly [before: Side, after: Side];
  readonly durations: readonly [before: Duration, after: Duration];
  readonly leftOut: readonly [before: number, after: number];
  readonly confidence: number;
  readonly objective: number;
  readonly service: EndpointResult;
  readonly endpoints: readonly EndpointResult[];
  readonly missing: { readonly before: readonly string[]; readonly after: readonly string[] };
}

export interface CompareSettings {
  /** Seconds. */
  readonly objective: number;
  /** Of intervals and verdicts, between 0.5 and 1; 1 - confidence is the chance of a wrong claim. */
  readonly confidence: number;
  /** Whether somebody watches the comparison while it grows: then each look is one more chance of a wrong claim. */
  readonly watched?: boolean;
}
