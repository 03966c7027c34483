/** Version of this protocol. It changes when a field is removed, renamed, or changes its meaning. */
export const PAGE_FORMAT = 4;

/**
 * The JSON that the service answers at `/page/data`. It contains what a scrape contains, plus the name and the version of
 * the service. Times are milliseconds since 1970 by the service's clock; durations are seconds.
 * @property next      cursor: `?after=` with this value asks for later intervals only; another process ignores it
 * @property every     milliseconds between two intervals
 * @property now       when this was sent
 * @property uptime    of the process that answers
 * @property scrape    path of the Prometheus endpoint
 * @property slow      longer requests are slow in `timeSpent` (`APM_SLOW`, seconds); null where it is not known what requests
 *                     wait for (`APM_CONTEXT`)
 * @property labels    names of the app's own labels; absent where there are none
 * @property endpoints path, method and the value of each label by id, for the intervals below; an empty value is no label
 * @property kept      ids of the endpoints that are listed separately now; later requests of all others are in `other`
 * @property intervals oldest first
 */
export interface PageData {
  readonly format: typeof PAGE_FORMAT;
  readonly next: string;
  readonly every: number;
  readonly now: number;
  readonly service: { readonly name: string; readonly version: string | null };
  readonly uptime: number;
  readonly scrape: string;
  readonly slow: number | null;
  readonly labels?: readonly string[];
  readonly endpoints: Readonly<Record<string, PageEndpoint>>;
  readonly kept: readonly number[];
  readonly intervals: readonly Interval[];
}

export type PageEndpoint = readonly [path: string, method: string, ...labels: string[]];

/**
 * What happened in the `ms` milliseconds before `at`. Intervals are numbered from 1. When the history is full, older ones are
 * merged: then one has the numbers `first` to `last`, and takes the place of all that have one of these numbers.
 * @property byClass   requests by status class: 1xx, 2xx, 3xx, 4xx, 5xx
 * @property running   number of processes and threads
 * @property vitals    of all processes: sums, and the longest event-loop delay
 * @property hosts     outgoing HTTP calls by host
 * @property databases calls of databases and caches by system, host and operation, as in `postgresql db.local SELECT`
 * @property timeSpent what the time of requests was spent on
 * @property processes at most 32
 */
export interface Interval {
  readonly first: number;
  readonly last: number;
  readonly at: number;
  readonly ms: number;
  readonly byClass: readonly number[];
  readonly running: number;
  readonly vitals: Vitals;
  readonly endpoints: readonly EndpointCounters[];
  readonly hosts: readonly CalledCounters[];
  readonly databases: readonly CalledCounters[];
  readonly timeSpent: readonly TimeSpentRow[];
  readonly processes: readonly ProcessCounters[];
}

export type EndpointCounters = readonly [id: number, ...Counters];
/** Outgoing calls. */
export type CalledCounters = readonly [called: string, ...Counters];
/**
 * Seconds that were spent on a host or a database, in code, or unseen: pairs of the id of an endpoint, without the app's own
 * labels, and the seconds.
 * @property slow 1 for slow requests
 */
export type TimeSpentRow = readonly [on: string, slow: 0 | 1, ...idsAndSeconds: number[]];
export type ProcessCounters = readonly [pid: string, ...Vitals, ...Counters];

/**
 * At the end of the interval, except `delay`: the longest in it. Of merged intervals: the largest, and the mean of `cpu`. All
 * null for a process that sent nothing.
 */
export type Vitals = [active: number, delay: number, cpu: number, memory: number] | [null, null, null, null];

/**
 * Requests or outgoing calls.
 * @property clientErrors 4xx
 * @property errors       5xx, or no answer
 * @property seconds      sum of all measured durations
 * @property durations    their fine histogram, as a text
 */
export type Counters = [requests: number, clientErrors: number, errors: number, seconds: number, durations: string];
