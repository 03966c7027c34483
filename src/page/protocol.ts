/**
 * What the page is told: the JSON of `/page/data`. It holds what a scrape has, and of the resource the name and the
 * version. Times are milliseconds since 1970 of the service's clock, durations seconds.
 * @property format    changes when a field changes its meaning or goes
 * @property next      asks, as `?after=`, for what comes after this; of another process it asks for everything
 * @property every     milliseconds between two slots, as a rule
 * @property uptime    seconds, of the process that answers
 * @property scrape    path of the scrape
 * @property bounds    of the buckets of every distribution
 * @property endpoints of the slots that follow: path and method by id
 * @property kept      ids of those endpoints that are told apart now; what others have is in `other` since they are not
 * @property slots     oldest first
 */
export interface PageData {
  readonly format: 1;
  readonly next: string;
  readonly every: number;
  readonly now: number;
  readonly service: { readonly name: string; readonly version: string | null };
  readonly uptime: number;
  readonly scrape: string;
  readonly bounds: readonly number[];
  readonly endpoints: Readonly<Record<string, readonly [path: string, method: string]>>;
  readonly kept: readonly number[];
  readonly intervals: readonly Interval[];
}

/**
 * What happened in the milliseconds before `at`.
 * @property byClass   requests by class of status: 1xx, 2xx, 3xx, 4xx and 5xx
 * @property running   processes and threads in the sum
 * @property signs     of all of them together: sums, and the longest delay
 * @property processes not more than 32 of them
 */
export interface Interval {
  readonly at: number;
  readonly ms: number;
  readonly byClass: readonly number[];
  readonly running: number;
  readonly vitals: Vitals;
  readonly endpoints: readonly (readonly [id: number, ...Counters])[];
  readonly hosts: readonly (readonly [host: string, ...Counters])[];
  readonly processes: readonly (readonly [pid: string, ...Vitals, ...Counters])[];
}

/** As of the end of the slot, or its longest; of a process that has said nothing of itself, nothing. */
export type Vitals = [active: number, delay: number, cpu: number, memory: number] | [null, null, null, null];

/**
 * Requests, or calls; how many of them failed on the client's side (4xx) and on the server's (5xx, or no answer); the
 * seconds those took that were timed; and their distribution: the first bucket that holds any, and the counts from there
 * to the last one that does.
 */
export type Counters = [
  requests: number,
  clientErrors: number,
  errors: number,
  seconds: number,
  first: number,
  ...counts: number[],
];
