import type { EncodedHistogram } from './base/histogram/fine-histogram.ts';

/** On the metrics server, and below the path of the scrape. */
export const SNAPSHOT_PATH = '/snapshot';

/**
 * What all processes of a service have counted: the JSON at `/snapshot`, which `apm snapshot` saves. docs/snapshot.md
 * describes it. Times are ISO 8601, in UTC.
 * @property format     is increased when a field is removed or changes its meaning, and not when one is added
 * @property time       when the snapshot was made
 * @property counted    which counts these are
 * @property processes  those that are merged now, and threads; the one that answers first
 * @property bounds     of `counts`, seconds, ascending (`APM_BUCKETS`)
 */
export interface ApmSnapshot {
  readonly format: 1;
  readonly package: { readonly name: string; readonly version: string };
  readonly service: { readonly name: string; readonly version: string | null };
  readonly time: string;
  readonly counted: CountingPeriod;
  readonly processes: readonly { readonly pid: string; readonly started: string }[];
  readonly bounds: readonly number[];
  readonly requests: readonly RequestCounts[];
  readonly calls: readonly CallCounts[];
  readonly databaseCalls: readonly DatabaseCallCounts[];
  readonly timeSpent: readonly TimeSpent[];
}

/**
 * @property id     counts with the same id only increase. Another id: they began anew, because the process restarted, or
 *                  another process of the service answers now
 * @property since  from when on they could be read: no earlier snapshot has any of them. null where another process passed
 *                  some of them on: snapshots with an earlier id may have these
 */
export interface CountingPeriod {
  readonly id: string;
  readonly since: string | null;
}

/**
 * @property seconds  spent by those that are timed
 * @property counts   of those, by `bounds`: one more than these, not cumulative
 * @property fine     the same, as `[scale, zeros, index, count, gap, count, gap, count ...]`
 * @property details  attributes that exist only under `APM_METRIC_NAMES=semconv`
 */
interface TimedCounts {
  readonly seconds: number;
  readonly counts: readonly number[];
  readonly fine: EncodedHistogram;
  readonly details?: Readonly<Record<string, string | number>>;
}

/**
 * @property labels    the app's own (`APM_LABELS`); absent where the series has none
 * @property requests  finished requests
 */
export interface RequestCounts extends TimedCounts {
  readonly path: string;
  readonly method: string;
  readonly status: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly requests: number;
}

/** @property status  null where no answer came */
export interface CallCounts extends TimedCounts {
  readonly host: string;
  readonly method: string;
  readonly status: number | null;
  readonly calls: number;
}

export interface DatabaseCallCounts extends TimedCounts {
  readonly system: string;
  readonly host: string;
  readonly operation: string;
  readonly calls: number;
}

/**
 * Where the time of timed requests went. Over all `on` and `slow` of a path and method it is the seconds of their requests.
 * @property on    the host called, system and host of a database, `code` or `unseen`
 * @property slow  of requests that took longer than `APM_SLOW`
 */
export interface TimeSpent {
  readonly path: string;
  readonly method: string;
  readonly on: string;
  readonly slow: boolean;
  readonly seconds: number;
}
