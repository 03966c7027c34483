import type { Warning } from './base/log.ts';

/**
 * How a process measures itself: the JSON at `/status`, which `apm doctor` reads, and the result of `status()` in code. It
 * contains no token, header, query or password. Times are ISO 8601, in UTC.
 * @property format         is increased when a field is removed or changes its meaning, and not when one is added
 * @property package        the version of this package that runs
 * @property node           version of Node.js
 * @property uptimeSeconds  uptime of the process
 * @property service        the service that the metrics belong to, as in `target_info`
 * @property startedBy      what started the measuring; `preload` where both did
 * @property outgoing       whether outgoing calls are measured
 * @property context        whether each outgoing call is known by the request that made it (`APM_CONTEXT`)
 * @property servers        servers that listen now or are passed connections, in the order in which they were first seen
 * @property hiddenFrameworks  frameworks that the app depends on, and whose matched routes cannot be seen from outside
 * @property adapterFailures  frameworks whose routes cannot be read; their requests are counted by the shape of their paths
 * @property durations      how the durations of requests lie in the explicit buckets; null until a request was timed
 * @property scrape         null where only the app's own `handler` answers scrapes
 * @property processes      null until the other processes of the service are found
 * @property push           null where nothing is pushed
 * @property warnings       the last 20, oldest first, whether `OTEL_LOG_LEVEL` let them be logged or not
 */
export interface ApmStatus {
  readonly format: 1;
  readonly package: { readonly name: string; readonly version: string };
  readonly node: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly service: { readonly name: string; readonly version: string | null };
  readonly startedBy: 'preload' | 'setupApm';
  readonly outgoing: 'measured' | 'off';
  readonly context: 'on' | 'off';
  readonly servers: readonly ServerStatus[];
  readonly paths: PathsStatus;
  readonly hiddenFrameworks: readonly string[];
  readonly adapterFailures: readonly AdapterFailure[];
  readonly durations: DurationsStatus | null;
  readonly scrape: ScrapeStatus | null;
  readonly processes: ProcessesStatus | null;
  readonly push: PushStatus | null;
  readonly warnings: readonly Warning[];
}

/** The address of a server that does not listen: other code accepts connections and passes them to it. */
export const DOES_NOT_LISTEN = 'a server that does not listen itself';

/**
 * One HTTP server of the app that answers requests.
 * @property address     a URL such as `http://127.0.0.1:3000`; for a Unix socket `unix:` and its path; for a server that
 *                       does not listen, `DOES_NOT_LISTEN`
 * @property frameworks  frameworks found behind the server; empty where there is none, or until the first request
 */
export interface ServerStatus {
  readonly address: string;
  readonly protocol: 'http' | 'https' | 'http2';
  readonly frameworks: readonly string[];
  readonly requests: RequestsStatus;
}

/**
 * @property ended      requests finished since the server was first seen, without scrapes
 * @property answered   those of them with a status below 400
 * @property routed     those of them with a route from a framework or from `APM_ROUTES`
 * @property unmatched  those of them that no route answered
 */
interface RequestsStatus {
  readonly ended: number;
  readonly answered: number;
  readonly routed: number;
  readonly unmatched: number;
}

/**
 * @property distinct  number of values of `path` so far
 * @property guessed   those of them that no framework and no `APM_ROUTES` told
 * @property crowded   paths with so many guessed children that further ones share one path; at most 10
 * @property max       `APM_MAX_PATHS`: of routes, and again of guessed paths
 * @property capped    whether a request was counted as `other` because the cap was reached
 */
export interface PathsStatus {
  readonly distinct: number;
  readonly guessed: number;
  readonly crowded: readonly string[];
  readonly max: number;
  readonly capped: boolean;
}

/**
 * @property text      the first cause, without data of the app
 * @property isHidden  set where this is no failure: the framework cannot show its routes
 */
export interface AdapterFailure {
  readonly framework: string;
  readonly text: string;
  readonly isHidden?: true;
}

/**
 * @property bounds    upper bounds of the explicit buckets, in seconds (`APM_BUCKETS`)
 * @property timed     timed requests of this process, without event streams
 * @property inFirst   those of them in the first bucket
 * @property aboveTop  those of them above the top bound
 * @property p50       seconds, as `p99`; of the fine histograms of series with at least as many requests as the average
 */
export interface DurationsStatus {
  readonly bounds: readonly number[];
  readonly timed: number;
  readonly inFirst: number;
  readonly aboveTop: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * @property on       whether the metrics server or the app's own servers answer
 * @property address  address of the metrics server, such as `http://localhost:9464`; `processes.scrapedBy` has that server;
 *                    null on the app's own servers
 * @property token    whether a bearer token is required
 * @property exposed  whether other machines can reach the metrics server
 */
export interface ScrapeStatus {
  readonly on: 'metrics server' | 'app';
  readonly address: string | null;
  readonly path: string;
  readonly token: boolean;
  readonly exposed: boolean;
}

/**
 * @property scrapedBy  id of the process whose scrape contains the metrics of this one; its own id where it is scraped
 *                      itself. The id of a thread has its number appended, such as `4711.2`
 * @property others     other processes and threads of the service that this one merges; `late` ones did not answer the last
 *                      scrape in time
 * @property paths      the values of `path` in the merged metrics; null where nothing is merged
 */
export interface ProcessesStatus {
  readonly scrapedBy: string;
  readonly others: readonly { readonly pid: string; readonly late: boolean }[];
  readonly paths: Omit<PathsStatus, 'crowded'> | null;
}

/**
 * @property url           the endpoint without user, password and query
 * @property lastSuccess   time of the last push that arrived
 * @property failingSince  time of the first push that failed after that; null while pushes arrive
 * @property error         why the last push failed
 */
export interface PushStatus {
  readonly url: string;
  readonly everySeconds: number;
  readonly lastSuccess: string | null;
  readonly failingSince: string | null;
  readonly error: string | null;
}
