import type { OutgoingCallOptions } from './call-options.ts';
import type { Ignore } from './ignore.ts';
import type { OtlpOptions } from './otlp-options.ts';
import type { Config } from './variables.ts';

/**
 * Options of `setupApm`. Each one is an environment variable in code: it wins over the variable, and is checked the same
 * way. A value that is not valid never throws: one warning says what was expected and given, and what is used instead.
 * An option that is undefined, null or empty counts as not given. Lists are arrays here, and pairs are objects; the text of
 * the variable works too. Of a list, only the entries that are not valid are lost; the default is used where none is valid.
 */
export interface SetupOptions extends OutgoingCallOptions, OtlpOptions {
  /**
   * Turns this package off. Then `setupApm` opens nothing, and its result answers with empty metrics.
   *
   * Expected: true or false; otherwise the default is used.
   * Variable: `OTEL_SDK_DISABLED`.
   * @defaultValue `false`
   */
  readonly disabled?: Config['disabled'];
  /**
   * Least severe level that is logged to stderr; `none` logs nothing.
   *
   * Expected: one of none, error, warn, info, debug, verbose, all; otherwise the default is used.
   * Variable: `OTEL_LOG_LEVEL`.
   * @defaultValue `info`
   */
  readonly logLevel?: Config['logLevel'];
  /**
   * The resource attribute `service.name`.
   *
   * Expected: a name without control characters; otherwise the default is used.
   * Variable: `OTEL_SERVICE_NAME`.
   * @defaultValue the app's package.json
   */
  readonly serviceName?: Config['serviceName'];
  /**
   * The resource attribute `service.version`. It wins over `resourceAttributes`.
   *
   * Expected: a text.
   * Variable: `OTEL_RESOURCE_ATTRIBUTES`, as `service.version=...`.
   * @defaultValue the version in the app's package.json
   */
  readonly serviceVersion?: string;
  /**
   * Other resource attributes, such as `service.version`.
   *
   * Expected: key=value pairs separated by commas, percent-encoded; an entry that is not valid is ignored.
   * Variable: `OTEL_RESOURCE_ATTRIBUTES`.
   * @defaultValue none
   */
  readonly resourceAttributes?: Config['resourceAttributes'];
  /**
   * How metrics leave the process: scraped (`prometheus`), pushed (`otlp`), or both. By default the app serves
   * `handler` or `metrics()` itself. `port`, `host` or `metricsPath` without `exporters` opens the metrics server.
   *
   * Expected: prometheus, otlp, both separated by a comma, or none; an entry that is not valid is ignored.
   * Variable: `OTEL_METRICS_EXPORTER`.
   * @defaultValue `none`
   */
  readonly exporters?: Config['exporters'];
  /**
   * Methods that keep their name; all others are `_OTHER`.
   *
   * Expected: HTTP methods separated by commas; an entry that is not valid is ignored.
   * Variable: `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`.
   * @defaultValue `CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,QUERY,TRACE`
   */
  readonly knownMethods?: Config['knownMethods'];
  /**
   * Host that the metrics server listens on; `localhost` is both loopback addresses, `0.0.0.0` every IPv4 interface, `::`
   * every interface. Without `exporters` it also opens that server.
   *
   * Expected: a host name or an address; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_PROMETHEUS_HOST`.
   * @defaultValue `localhost`
   */
  readonly host?: Config['host'];
  /**
   * Port of the metrics server; `0` is any free one. `9465` is the default where the app depends on
   * `@opentelemetry/exporter-prometheus`, which listens on 9464. Without `exporters` it also opens that server; `ready`
   * resolves with its address.
   *
   * Expected: a port, 0 to 65535; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_PROMETHEUS_PORT`.
   * @defaultValue `9464`
   */
  readonly port?: Config['port'];
  /**
   * Path of the scrape on the metrics server. Without `exporters` it also opens that server.
   *
   * Expected: a path such as /metrics; otherwise the default is used.
   * Variable: `APM_METRICS_PATH`.
   * @defaultValue `/metrics`
   */
  readonly metricsPath?: Config['metricsPath'];
  /**
   * Path of the scrape on the app's own port, instead of a metrics server; for platforms with one port. It needs no
   * `exporters`, and no route of the app.
   *
   * Expected: a path such as /metrics; otherwise the default is used.
   * Variable: `APM_METRICS_ON_APP`.
   * @defaultValue off
   */
  readonly metricsOnApp?: Config['metricsOnApp'];
  /**
   * Token that a scrape must send, as `Authorization: Bearer <token>`. `handler` and the metrics server require it;
   * `metrics()` does not.
   *
   * Expected: a bearer token: letters, digits and -._~+/, with = at the end; otherwise every scrape is refused.
   * Variable: `APM_AUTH_TOKEN`.
   * @defaultValue none
   */
  readonly authToken?: Config['authToken'];
  /**
   * Bounds of the duration histograms, in seconds.
   *
   * Expected: seconds greater than 0, separated by commas; an entry that is not valid is ignored.
   * Variable: `APM_BUCKETS`.
   * @defaultValue `0.005,0.01,0.015,0.025,0.05,0.075,0.1,0.15,0.25,0.35,0.5,0.75,1,1.5,2.5,5,10`
   */
  readonly buckets?: Config['buckets'];
  /**
   * `semconv` keeps the names and units of OpenTelemetry's semantic conventions.
   *
   * Expected: apm or semconv; otherwise the default is used.
   * Variable: `APM_METRIC_NAMES`.
   * @defaultValue `apm`
   */
  readonly metricNames?: Config['metricNames'];
  /**
   * Beginning of the name of every metric of this package; the app's own metrics keep their names. It is put before the
   * names of `metricNames: 'semconv'` too, but never before `target_info`.
   *
   * Expected: letters, digits and _, such as shop_; no digit first; otherwise the default is used.
   * Variable: `APM_METRIC_PREFIX`.
   * @defaultValue none
   */
  readonly metricPrefix?: Config['metricPrefix'];
  /**
   * Route templates. They win over guessed ones, and over wildcards, mounts and trailing parameters of a framework.
   *
   * Expected: templates such as /users/:id,/files/*; an entry that is not valid is ignored.
   * Variable: `APM_ROUTES`.
   * @defaultValue none
   */
  readonly routes?: Config['routes'];
  /**
   * Frameworks whose routes are read; in the others, requests are counted by the shape of their paths.
   *
   * Expected: all, none, or some of express, fastify, koa, hapi, hono, h3, next, restify, polka, connect, feathers,
   * trpc, react-router, remix, sveltekit, astro separated by commas; an entry that is not valid is ignored.
   * Variable: `APM_FRAMEWORKS`.
   * @defaultValue `all`
   */
  readonly frameworks?: Config['frameworks'];
  /**
   * Requests that are not measured, by their `path` label or the path of their URL; `*` is any text.
   *
   * Expected: paths such as /health, /users/:id, /static/* or GET /health*, separated by commas; an entry that is not
   * valid is ignored.
   * Variable: `APM_IGNORE_PATHS`.
   * @defaultValue none
   */
  readonly ignorePaths?: Config['ignorePaths'];
  /**
   * Requests that are counted and not timed, such as long polls, by their `path` label or the path of their URL; `*` is
   * any text.
   *
   * Expected: paths such as /events, /users/:id/changes or GET /feeds/*, separated by commas; an entry that is not valid
   * is ignored.
   * Variable: `APM_UNTIMED_PATHS`.
   * @defaultValue none
   */
  readonly untimedPaths?: Config['untimedPaths'];
  /**
   * Decides for each request whether it is left out of all metrics. It is called once, when the request arrives, with
   * Node's `IncomingMessage`; over HTTP/2 with an object that has the same `method`, `url` and `headers`. Where it throws
   * or does not return true or false at once, the request is measured, and the first such failure is logged. It has an
   * effect under the preload too, for requests after the call. Only the first function that a process passes is used.
   *
   * Expected: a function; otherwise no request is ignored by it.
   * @defaultValue none
   * @example
   * setupApm({ ignore: (request) => request.headers['user-agent']?.startsWith('kube-probe/') ?? false });
   */
  readonly ignore?: Ignore;
  /**
   * Most routes, as many guessed paths, and as many values of `host`; further ones are `other`.
   *
   * Expected: a whole number, 1 to 100000; otherwise the default is used.
   * Variable: `APM_MAX_PATHS`.
   * @defaultValue `500`
   */
  readonly maxPaths?: Config['maxPaths'];
  /**
   * Labels of the app's own on `http_requests_total` and `http_duration`, from a header of the request, from the
   * environment, or a fixed text. In code also from a function, which is called once for each request, when its response
   * has ended, with Node's `IncomingMessage`. It returns a text of at most 128 characters at once; anything else is no
   * label, and the first such failure is logged. Each label has at most 50 values; further ones are `other`.
   *
   * Expected: label=header:NAME, label=env:NAME or label=value:TEXT, separated by commas; an entry that is not valid is
   * ignored.
   * Variable: `APM_LABELS`.
   * @example
   * setupApm({ labels: { tenant: (request) => request.user?.tenant, region: 'env:REGION' } });
   * @defaultValue none
   */
  readonly labels?: Config['labels'];
  /**
   * Whether the bytes of bodies are measured, as `http_request_size_bytes` and `http_response_size_bytes`.
   *
   * Expected: true or false; otherwise the default is used.
   * Variable: `APM_SIZES`.
   * @defaultValue `false`
   */
  readonly sizes?: Config['sizes'];
  /**
   * How the app's own gauges are merged where several processes are scraped as one; `pid` keeps a series for each
   * process.
   *
   * Expected: name=sum, name=max or name=pid, separated by commas; an entry that is not valid is ignored.
   * Variable: `APM_GAUGES`.
   * @defaultValue pid for each
   */
  readonly gauges?: Config['gauges'];
  /**
   * Processes of a service with the same value are scraped as one, whatever script and version they run.
   *
   * Expected: a name without control characters; otherwise the default is used.
   * Variable: `APM_GROUP`.
   * @defaultValue the program and its version
   */
  readonly group?: Config['group'];
  /**
   * Whether the metrics server shows the live page at `/`, and keeps the last half hour in memory for it. It needs the
   * metrics server.
   *
   * Expected: true or false; otherwise the default is used.
   * Variable: `APM_PAGE`.
   * @defaultValue `true`
   */
  readonly page?: Config['page'];
}
