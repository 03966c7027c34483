import { DEFAULT_BUCKETS } from '../../semconv.ts';
import { EVERY_JOB } from './names.ts';

/**
 * What a service promises its users, and the limits of its alerts. The rules are generated from it, and the dashboards
 * draw it.
 */
export interface Objectives {
  /** The services, as a regular expression of the label `job`. */
  readonly job: string;
  /** Services with a rule file of their own, likewise; empty for none. */
  readonly except: string;
  /** `APM_METRIC_PREFIX` of the services; empty for none. */
  readonly prefix: string;
  /** Whether `http_duration` has the bounds of `APM_BUCKETS`, or is a native histogram of Prometheus. */
  readonly histogram: 'explicit' | 'exponential';
  /**
   * The bounds of an explicit `http_duration` in seconds (`APM_BUCKETS`). Slow requests can be counted only at one of
   * them.
   */
  readonly buckets: readonly number[];
  readonly latency: {
    /** A request that takes longer is slow, in seconds; one of the bounds, where there are any. */
    readonly seconds: number;
    /** The share of requests that must not be slow, above 0 and below 1. */
    readonly target: number;
  };
  readonly errors: {
    /** The share of requests that must not be answered with 5xx, above 0 and below 1. */
    readonly target: number;
  };
  /** Minimum requests in the long window of an alert: with fewer, percentiles are chance. */
  readonly minRequests: number;
  readonly tail: {
    /** p99 / p50 above which the tail of an endpoint is wide. Above 1. */
    readonly gap: number;
    /** Growth of that ratio since yesterday above which the tail widens. Above 1. */
    readonly growth: number;
  };
  readonly slower: {
    /** Growth of an endpoint's p99 since last week above which it is slower. Above 1. */
    readonly factor: number;
    /** A p99 below this is fast enough, in seconds. */
    readonly seconds: number;
  };
  /** Share of an endpoint's requests above the highest bound, above which its p99 is unknown. */
  readonly aboveTop: number;
  /** Share of the usual traffic below which traffic is gone. */
  readonly traffic: number;
  /** Share of a Collector's queue above which it is filling. */
  readonly queue: number;
  /** The URL of Grafana for the links of alerts, as in `https://grafana.example`; empty for links within Grafana. */
  readonly grafana: string;
}

export const DEFAULT_OBJECTIVES: Objectives = {
  job: EVERY_JOB,
  except: '',
  prefix: '',
  histogram: 'explicit',
  buckets: DEFAULT_BUCKETS,
  latency: { seconds: 0.5, target: 0.99 },
  errors: { target: 0.999 },
  minRequests: 100,
  tail: { gap: 10, growth: 2 },
  slower: { factor: 1.5, seconds: 0.05 },
  aboveTop: 0.01,
  traffic: 0.05,
  queue: 0.5,
  grafana: '',
};
