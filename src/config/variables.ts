import { LOG_LEVELS } from '../base/log.ts';
import { DEFAULT_BUCKETS, KNOWN_METHODS } from '../semconv.ts';
import { calls } from './call-variables.ts';
import { FRAMEWORKS, type FrameworkChoice, frameworks } from './frameworks.ts';
import type { LabelSources } from './labels.ts';
import { otlp, push } from './otlp-variables.ts';
import * as parse from './parsers.ts';
import { findMilliseconds } from './unit-mistake.ts';
import { optional, withDefault } from './variable.ts';

/** A token that no client can send: bearer tokens contain no blanks. */
const UNSENDABLE_TOKEN = ' ';

const common = {
  disabled: withDefault({
    variable: 'OTEL_SDK_DISABLED',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: false,
    meaning: 'Turns this package off.',
  }),
  logLevel: withDefault({
    variable: 'OTEL_LOG_LEVEL',
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    parse: parse.oneOf(...LOG_LEVELS),
    fallback: 'info' as const,
    meaning: 'Least severe level that is logged to stderr; `none` logs nothing.',
  }),
  serviceName: optional({
    variable: 'OTEL_SERVICE_NAME',
    expected: 'a name without control characters',
    parse: parse.name,
    fallbackText: "the app's package.json",
    meaning: 'The resource attribute `service.name`.',
  }),
  resourceAttributes: withDefault({
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    expected: 'key=value pairs separated by commas, percent-encoded',
    parse: parse.pairs,
    fallback: {},
    fallbackText: 'none',
    meaning: 'Other resource attributes, such as `service.version`.',
  }),
  exporters: withDefault({
    variable: 'OTEL_METRICS_EXPORTER',
    expected: 'prometheus, otlp, both separated by a comma, or none',
    parse: parse.exporters,
    fallback: ['prometheus'],
    meaning: 'How metrics leave the process: scraped (`prometheus`), pushed (`otlp`), or both.',
  }),
  knownMethods: withDefault({
    variable: 'OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS',
    expected: 'HTTP methods separated by commas',
    parse: parse.methods,
    fallback: KNOWN_METHODS,
    meaning: 'Methods that keep their name; all others are `_OTHER`.',
  }),
};

const scrape = {
  host: withDefault({
    variable: 'OTEL_EXPORTER_PROMETHEUS_HOST',
    expected: 'a host name or an address',
    parse: parse.host,
    fallback: 'localhost',
    meaning:
      'Host that the metrics server listens on; `localhost` is both loopback addresses, `0.0.0.0` every IPv4 interface, `::` every interface.',
  }),
  port: withDefault({
    variable: 'OTEL_EXPORTER_PROMETHEUS_PORT',
    expected: 'a port, 0 to 65535',
    parse: parse.integer(0, 65535),
    fallback: 9464,
    meaning:
      'Port of the metrics server; `0` is any free one. `9465` is the default where the app depends on `@opentelemetry/exporter-prometheus`, which listens on 9464.',
  }),
  metricsPath: withDefault({
    variable: 'APM_METRICS_PATH',
    expected: 'a path such as /metrics',
    parse: parse.path,
    fallback: '/metrics',
    meaning: 'Path of the scrape on the metrics server.',
  }),
  metricsOnApp: optional({
    variable: 'APM_METRICS_ON_APP',
    expected: 'a path such as /metrics',
    parse: parse.path,
    fallbackText: 'off',
    meaning: "Path of the scrape on the app's own port, instead of a metrics server; for platforms with one port.",
  }),
  authToken: optional({
    variable: 'APM_AUTH_TOKEN',
    expected: 'a bearer token: letters, digits and -._~+/, with = at the end',
    parse: parse.token,
    fallbackText: 'none',
    whenInvalid: { parse: () => UNSENDABLE_TOKEN, text: 'every scrape is refused' },
    secret: true,
    meaning: 'Token that a scrape must send, as `Authorization: Bearer <token>`.',
  }),
};

const apm = {
  buckets: withDefault({
    variable: 'APM_BUCKETS',
    expected: 'seconds greater than 0, separated by commas',
    parse: parse.bounds,
    fallback: DEFAULT_BUCKETS,
    findMistake: findMilliseconds,
    meaning: 'Bounds of the duration histograms, in seconds.',
  }),
  metricNames: withDefault({
    variable: 'APM_METRIC_NAMES',
    expected: 'apm or semconv',
    parse: parse.oneOf('apm', 'semconv'),
    fallback: 'apm' as const,
    meaning: "`semconv` keeps the names and units of OpenTelemetry's semantic conventions.",
  }),
  metricPrefix: withDefault({
    variable: 'APM_METRIC_PREFIX',
    expected: 'letters, digits and _, such as shop_; no digit first',
    parse: parse.prefix,
    fallback: '',
    fallbackText: 'none',
    meaning: "Beginning of the name of every metric of this package; the app's own metrics keep their names.",
  }),
  routes: withDefault({
    variable: 'APM_ROUTES',
    expected: 'templates such as /users/:id,/files/*',
    parse: parse.templates,
    fallback: [],
    fallbackText: 'none',
    meaning:
      'Route templates. They win over guessed ones, and over wildcards, mounts and trailing parameters of a framework.',
  }),
  frameworks: withDefault({
    variable: 'APM_FRAMEWORKS',
    expected: `all, none, or some of ${FRAMEWORKS.join(', ')} separated by commas`,
    parse: frameworks,
    fallback: ['all'] as FrameworkChoice,
    meaning: 'Frameworks whose routes are read; in the others, requests are counted by the shape of their paths.',
  }),
  ignorePaths: withDefault({
    variable: 'APM_IGNORE_PATHS',
    expected: 'paths such as /health, /users/:id, /static/* or GET /health*, separated by commas',
    parse: parse.paths,
    fallback: [],
    fallbackText: 'none',
    meaning: 'Requests that are not measured, by their `path` label or the path of their URL; `*` is any text.',
  }),
  untimedPaths: withDefault({
    variable: 'APM_UNTIMED_PATHS',
    expected: 'paths such as /events, /users/:id/changes or GET /feeds/*, separated by commas',
    parse: parse.paths,
    fallback: [],
    fallbackText: 'none',
    meaning:
      'Requests that are counted and not timed, such as long polls, by their `path` label or the path of their URL; `*` is any text.',
  }),
  maxPaths: withDefault({
    variable: 'APM_MAX_PATHS',
    expected: 'a whole number, 1 to 100000',
    parse: parse.integer(1, 100_000),
    fallback: 500,
    meaning: 'Most routes, as many guessed paths, and as many values of `host`; further ones are `other`.',
  }),
  labels: withDefault({
    variable: 'APM_LABELS',
    expected: 'label=header:NAME, label=env:NAME or label=value:TEXT, separated by commas',
    parse: parse.labels,
    fallback: {} as LabelSources,
    fallbackText: 'none',
    meaning:
      "Labels of the app's own on `http_requests_total` and `http_duration`, from a header of the request, from the environment, or a fixed text.",
  }),
  sizes: withDefault({
    variable: 'APM_SIZES',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: false,
    meaning: 'Whether the bytes of bodies are measured, as `http_request_size_bytes` and `http_response_size_bytes`.',
  }),
  gauges: withDefault({
    variable: 'APM_GAUGES',
    expected: 'name=sum, name=max or name=pid, separated by commas',
    parse: parse.gauges,
    fallback: {},
    fallbackText: 'pid for each',
    meaning:
      "How the app's own gauges are merged where several processes are scraped as one; `pid` keeps a series for each process.",
  }),
  group: optional({
    variable: 'APM_GROUP',
    expected: 'a name without control characters',
    parse: parse.name,
    fallbackText: 'the program and its version',
    meaning: 'Processes of a service with the same value are scraped as one, whatever script and version they run.',
  }),
  page: withDefault({
    variable: 'APM_PAGE',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: true,
    meaning: 'Whether the metrics server shows the live page at `/`, and keeps the last half hour in memory for it.',
  }),
};

/** Every variable, by the name of its value in the config. */
export const VARIABLES = { ...common, ...scrape, ...apm, ...calls, ...push, ...otlp };

export type ConfigKey = keyof typeof VARIABLES;
/** The configuration, frozen. */
export type Config = { readonly [K in ConfigKey]: (typeof VARIABLES)[K]['fallback'] };
