import { DEFAULT_BUCKETS } from '../../semconv.ts';
import { EVERY_JOB } from './names.ts';

/**
 * What a service promises its users, and from where on its alerts speak: every target and bound, in one place. The rules
 * are generated from it and the dashboards draw it.
 */
export interface Objectives {
  /** Which services, as a regular expression of Prometheus's label `job`. */
  readonly job: string;
  /** Which of them have a rule file of their own, by the same label; empty for none. */
  readonly except: string;
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
  readonly tail: {
    /** An endpoint's p99 over its p50 from where on a few wait for what the others do not. Above 1. */
    readonly gap: number;
    /** How many times yesterday's that is, from where on it is widening. Above 1. */
    readonly growth: number;
  };
  readonly slower: {
    /** An endpoint's p99 over last week's from where on it has become slower. Above 1. */
    readonly factor: number;
    /** Below this p99, seconds, nobody notices. */
    readonly seconds: number;
  };
  /** The share of an endpoint's requests above the highest bound from where on its p99 is unknown. */
  readonly aboveTop: number;
  /** The share of the usual traffic under which traffic is gone. */
  readonly traffic: number;
  /** The share of a Collector's queue that may fill. */
  readonly queue: number;
  /** Where Grafana is, for the links of alerts: `https://grafana.example`; empty for links within it. */
  readonly grafana: string;
}

export const DEFAULT_OBJECTIVES: Objectives = {
  job: EVERY_JOB,
  except: '',
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
