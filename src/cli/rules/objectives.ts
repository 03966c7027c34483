import { DEFAULT_BUCKETS } from '../../semconv.ts';

/**
 * What a service promises its users, and from where on its alerts speak: every target and bound, in one place. The rules
 * are generated from it and the dashboards draw it.
 */
export interface Objectives {
  /** Which services, as a regular expression of Prometheus's label `job`. */
  readonly job: string;
  /** The bounds of `http_duration`, seconds (`APM_BUCKETS`): only at one of them can requests be counted as slow. */
  readonly buckets: readonly number[];
  readonly latency: {
    /** A request that takes longer is slow, seconds; one of the bounds. */
    readonly seconds: number;
    /** The share of requests that must not be slow, above 0 and below 1. */
    readonly target: number;
  };
  readonly errors: {
    /** The share of requests that must not be answered with 5xx, above 0 and below 1. */
    readonly target: number;
  };
  /** Requests within an alert's long window below which it says nothing: the tail of a handful is chance. */
  readonly minRequests: number;
}

export const DEFAULT_OBJECTIVES: Objectives = {
  job: '.+',
  buckets: DEFAULT_BUCKETS,
  latency: { seconds: 0.5, target: 0.99 },
  errors: { target: 0.999 },
  minRequests: 100,
};
