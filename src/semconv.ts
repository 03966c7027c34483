/**
 * Every metric, attribute and label name of this package: OpenTelemetry's names, which the code uses, and the exported
 * names.
 * @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/
 */

/** The instrumentation scope under which our instruments are reported. */
export const SCOPE = '@org/apm';

/** Histogram, seconds: from a request's arrival to the end of its response. */
export const SERVER_DURATION = 'http.server.request.duration';
/** UpDownCounter: requests in flight. */
export const SERVER_ACTIVE = 'http.server.active_requests';
/** Counter: finished requests. The conventions use the count of the histogram, but that excludes event streams. */
export const SERVER_REQUESTS = 'http.server.requests';
/** Counter, seconds: where the time of finished requests went. The conventions have nothing like it. */
export const TIME_SPENT = 'http.server.time_spent';
/** Histogram, seconds: one outgoing HTTP call. */
export const CLIENT_DURATION = 'http.client.request.duration';
/** Histogram, seconds: one call of a database or a cache. */
export const DB_DURATION = 'db.client.operation.duration';

/** Histogram, bytes: the body of a request, as it was on the wire. */
export const REQUEST_SIZE = 'http.server.request.body.size';
/** Histogram, bytes: the body of a response, as it was on the wire. */
export const RESPONSE_SIZE = 'http.server.response.body.size';

/** Gauge: processes and threads that one scrape merges. It has the same name under every `APM_METRIC_NAMES`. */
export const MERGED_PROCESSES = 'apm_processes';
/** Counter: number of times a process did not answer a scrape in time. */
export const LATE_PROCESSES = 'apm_processes_late_total';

export const ROUTE = 'http.route';
export const METHOD = 'http.request.method';
export const STATUS_CODE = 'http.response.status_code';
export const SERVER_ADDRESS = 'server.address';
export const SERVER_PORT = 'server.port';
export const URL_SCHEME = 'url.scheme';
export const ERROR_TYPE = 'error.type';
export const PROTOCOL_VERSION = 'network.protocol.version';
export const DB_SYSTEM = 'db.system.name';
export const DB_OPERATION = 'db.operation.name';
/** What the time of a request was spent on. */
export const SPENT_ON = 'apm.spent_on';
/** Whether the time was spent by requests longer than `APM_SLOW`. */
export const SLOW = 'apm.slow';

/** The exported name of each instrument (`APM_METRIC_NAMES=apm`). */
export const EXPORTED_NAME = {
  [SERVER_REQUESTS]: 'http_requests_total',
  [SERVER_DURATION]: 'http_duration',
  [SERVER_ACTIVE]: 'http_active_requests',
  [TIME_SPENT]: 'http_time_spent_seconds_total',
  [CLIENT_DURATION]: 'http_client_duration',
  [DB_DURATION]: 'db_client_duration',
  [REQUEST_SIZE]: 'http_request_size_bytes',
  [RESPONSE_SIZE]: 'http_response_size_bytes',
} as const;

/** The exported label of each attribute (`APM_METRIC_NAMES=apm`). */
export const EXPORTED_LABEL = {
  [ROUTE]: 'path',
  [METHOD]: 'method',
  [STATUS_CODE]: 'status_code',
  [SERVER_ADDRESS]: 'host',
  [DB_SYSTEM]: 'system',
  [DB_OPERATION]: 'operation',
  [SPENT_ON]: 'on',
  [SLOW]: 'slow',
} as const;

/** Any method that is not a known one; the conventions' word. */
export const OTHER_METHOD = '_OTHER';
/** The path of a response that no route gave. It cannot be a route: those start with `/`. */
export const UNMATCHED = 'unmatched';
/** The path, or the host of an outgoing call, after the cap on distinct values is reached. */
export const OTHER = 'other';

/** What time was spent on while no call was open: the event loop was busy. */
export const ON_CODE = 'code';
/** The same, while the event loop was idle: the request waited for something that is not measured. */
export const ON_UNSEEN = 'unseen';

/** The client left before any response header was sent. This is nginx's code: HTTP has none. */
export const CLIENT_CLOSED_REQUEST = 499;
/** The `error.type` of such a request, by nginx's name of the code: the conventions have no word for it. */
export const CLIENT_CLOSED_REQUEST_TYPE = 'client_closed_request';
/** The `error.type` of a call without an answer, where nothing better is known; the conventions' word. */
export const OTHER_ERROR_TYPE = '_OTHER';

/**
 * Default bounds of the duration histograms, in seconds. They are closer together than OpenTelemetry's and prom-client's where
 * most services answer, because a percentile is only known within its bucket.
 */
export const DEFAULT_BUCKETS: readonly number[] = [
  0.005, 0.01, 0.015, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2.5, 5, 10,
];

/** Bounds of the size histograms, in bytes: from a short JSON answer to a download. */
export const SIZE_BUCKETS: readonly number[] = [
  100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000,
];

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ `http.request.method` */
export const KNOWN_METHODS: readonly string[] = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
];
