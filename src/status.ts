import type { Warning } from './base/log.ts';

/**
 * What a process says of its own measuring: the JSON at `/status`, which `apm doctor` reads. It holds no token, header,
 * query or password. `null` stands for what there is not. Times are ISO 8601, in UTC.
 * @property format         changes when a field changes its meaning or goes; new fields leave it as it is
 * @property package        this package, as it runs there
 * @property node           version of Node.js
 * @property uptimeSeconds  of the process
 * @property service        who the metrics are of, as in `target_info`
 * @property startedBy      what began the measuring; the preload wins where there are both
 * @property outgoing       whether outgoing calls are measured; `left to the app` where it brings an OpenTelemetry SDK
 * @property servers        those that listen now, in the order they were first seen
 * @property adapterFailures  frameworks whose routes cannot be read; their requests are counted by the shape of their paths
 * @property scrape         null where no scrape is answered but by the app's own `handler`
 * @property processes      null while the other processes of the service are being looked for
 * @property push           null where nothing is pushed
 * @property warnings       the last ones, oldest first, whether `OTEL_LOG_LEVEL` let them be logged or not
 */
export interface ApmStatus {
  readonly format: 1;
  readonly package: { readonly name: string; readonly version: string };
  readonly node: string;
  readonly pid: number;
  readonly uptimeSeconds: number;
  readonly service: { readonly name: string; readonly version: string | null };
  readonly startedBy: 'preload' | 'setupApm';
  readonly outgoing: 'measured' | 'off' | 'left to the app';
  readonly servers: readonly ServerStatus[];
  readonly paths: PathsStatus;
  readonly adapterFailures: readonly AdapterFailure[];
  readonly scrape: ScrapeStatus | null;
  readonly processes: ProcessesStatus | null;
  readonly push: PushStatus | null;
  readonly warnings: readonly Warning[];
}

/**
 * One listening HTTP server of the app.
 * @property address     as a URL, such as `http://127.0.0.1:3000`; `unix:` and the path of a socket that is a file
 * @property frameworks  that were found behind it; empty where there is none, or none is known yet
 */
export interface ServerStatus {
  readonly address: string;
  readonly protocol: 'http' | 'https' | 'http2';
  readonly frameworks: readonly string[];
  readonly requests: RequestsStatus;
}

/**
 * @property ended      since the server was first seen; scrapes are none of them
 * @property routed     of these, those that a framework told the route of
 * @property unmatched  of these, those that no route answered
 */
export interface RequestsStatus {
  readonly ended: number;
  readonly routed: number;
  readonly unmatched: number;
}

/**
 * @property distinct  values of `path` so far
 * @property max       `APM_MAX_PATHS`
 * @property capped    whether a request had to be counted as `other`
 */
export interface PathsStatus {
  readonly distinct: number;
  readonly max: number;
  readonly capped: boolean;
}

/** @property text  the first cause, without data of the app */
export interface AdapterFailure {
  readonly framework: string;
  readonly text: string;
}

/**
 * @property on       the metrics server, or the app's own servers
 * @property address  of the metrics server, this process's or that of `processes.scrapedBy`, such as
 *                    `http://localhost:9464`; null on the app's
 * @property token    whether a bearer token is asked for
 * @property exposed  whether the metrics server is bound to more than this machine
 */
export interface ScrapeStatus {
  readonly on: 'metrics server' | 'app';
  readonly address: string | null;
  readonly path: string;
  readonly token: boolean;
  readonly exposed: boolean;
}

/**
 * @property scrapedBy  process id of whose scrape has the metrics of this one; its own where it is scraped itself. That of
 *                      a thread has its number appended, as `4711.2`
 * @property others     the other processes and threads of the service that are merged here; `late` ones did not answer the
 *                      last scrape in time
 */
export interface ProcessesStatus {
  readonly scrapedBy: string;
  readonly others: readonly { readonly pid: string; readonly late: boolean }[];
}

/**
 * @property url           without user, password and query
 * @property lastSuccess   when metrics last arrived
 * @property failingSince  when the first of the pushes failed that have failed since; null when the last one arrived
 * @property error         why the last one failed
 */
export interface PushStatus {
  readonly url: string;
  readonly everySeconds: number;
  readonly lastSuccess: string | null;
  readonly failingSince: string | null;
  readonly error: string | null;
}
