import { LOG_LEVELS } from '../base/log.ts';
import { DEFAULT_BUCKETS, KNOWN_METHODS } from '../semconv.ts';
import { FRAMEWORKS, type FrameworkChoice, parseFrameworks } from './frameworks.ts';
import { otlp, push } from './otlp-variables.ts';
import * as parse from './parsers.ts';
import { optional, row } from './variable.ts';

/** A token nobody can send: `Bearer` tokens hold no blanks. */
const NO_TOKEN_FITS = ' ';

const common = {
  disabled: row({
    variable: 'OTEL_SDK_DISABLED',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: false,
    meaning: 'Switches everything off.',
  }),
  logLevel: row({
    variable: 'OTEL_LOG_LEVEL',
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    parse: parse.oneOf(...LOG_LEVELS),
    fallback: 'info' as const,
    meaning: 'How much is said on stderr; `none` is silent.',
  }),
  serviceName: optional({
    variable: 'OTEL_SERVICE_NAME',
    expected: 'a name without control characters',
    parse: parse.name,
    shown: "the app's package.json",
    meaning: 'The resource attribute `service.name`.',
  }),
  resourceAttributes: row({
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    expected: 'key=value pairs separated by commas, percent-encoded',
    parse: parse.pairs,
    fallback: {},
    shown: 'none',
    meaning: 'Further resource attributes; `service.version` is one.',
  }),
  exporters: row({
    variable: 'OTEL_METRICS_EXPORTER',
    expected: 'prometheus, otlp, both separated by a comma, or none',
    parse: parse.exporters,
    fallback: ['prometheus'],
    meaning: 'The ways out: scraped, pushed, or both.',
  }),
  knownMethods: row({
    variable: 'OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS',
    expected: 'HTTP methods separated by commas',
    parse: parse.methods,
    fallback: KNOWN_METHODS,
    meaning: 'Methods that keep their name; every other one is `_OTHER`.',
  }),
};

const scrape = {
  host: row({
    variable: 'OTEL_EXPORTER_PROMETHEUS_HOST',
    expected: 'a host name or an address',
    parse: (text) => (/^[\w.:%-]+$/.test(text) ? text : undefined),
    fallback: 'localhost',
    meaning: 'Where the metrics server binds; `0.0.0.0` is every interface.',
  }),
  port: row({
    variable: 'OTEL_EXPORTER_PROMETHEUS_PORT',
    expected: 'a port, 0 to 65535',
    parse: parse.integer(0, 65535),
    fallback: 9464,
    meaning: 'Its port; `0` is any free one.',
  }),
  metricsPath: row({
    variable: 'APM_METRICS_PATH',
    expected: 'a path such as /metrics',
    parse: parse.path,
    fallback: '/metrics',
    meaning: 'The path of the scrape on the metrics server.',
  }),
  metricsOnApp: optional({
    variable: 'APM_METRICS_ON_APP',
    expected: 'a path such as /metrics',
    parse: parse.path,
    shown: 'off',
    meaning: "Answers the scrape on the app's own port under this path instead, for platforms with one port.",
  }),
  authToken: optional({
    variable: 'APM_AUTH_TOKEN',
    expected: 'a bearer token: letters, digits and -._~+/, with = at the end',
    parse: parse.token,
    shown: 'none',
    instead: { value: NO_TOKEN_FITS, shown: 'no scrape is let in' },
    secret: true,
    meaning: 'A scrape must send `Authorization: Bearer <token>`.',
  }),
};

const apm = {
  buckets: row({
    variable: 'APM_BUCKETS',
    expected: 'ascending seconds greater than 0, separated by commas',
    parse: parse.bounds,
    fallback: DEFAULT_BUCKETS,
    meaning: 'Bounds of the duration histograms, in seconds.',
  }),
  metricNames: row({
    variable: 'APM_METRIC_NAMES',
    expected: 'apm or semconv',
    parse: parse.oneOf('apm', 'semconv'),
    fallback: 'apm' as const,
    meaning: "`semconv` keeps OpenTelemetry's own metric and attribute names.",
  }),
  routes: row({
    variable: 'APM_ROUTES',
    expected: 'templates such as /users/:id,/files/*',
    parse: parse.templates,
    fallback: [],
    shown: 'none',
    meaning: 'Route templates of an app without a router; they win over guessing.',
  }),
  frameworks: row({
    variable: 'APM_FRAMEWORKS',
    expected: `all, none, or some of ${FRAMEWORKS.join(', ')} separated by commas`,
    parse: parseFrameworks,
    fallback: ['all'] as FrameworkChoice,
    meaning: 'The frameworks whose routes are read. In the others, requests are counted by the shape of their paths.',
  }),
  ignorePaths: row({
    variable: 'APM_IGNORE_PATHS',
    expected: 'values of the path label, such as /health,/users/:id',
    parse: parse.labelValues,
    fallback: [],
    shown: 'none',
    meaning: 'Values of `path` that are neither counted nor timed.',
  }),
  maxPaths: row({
    variable: 'APM_MAX_PATHS',
    expected: 'a whole number, 1 to 100000',
    parse: parse.integer(1, 100_000),
    fallback: 500,
    meaning: 'Distinct values of `path`, and of `host`; what comes after is `other`.',
  }),
  gauges: row({
    variable: 'APM_GAUGES',
    expected: 'name=sum, name=max or name=pid, separated by commas',
    parse: parse.gauges,
    fallback: {},
    shown: 'pid for each',
    meaning:
      "What becomes of the app's own gauges where many processes are scraped as one; `pid` is a series for each process.",
  }),
  page: row({
    variable: 'APM_PAGE',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: true,
    meaning: 'Serves the live page at `/` on the metrics server, and keeps the half hour it shows.',
  }),
  outgoing: row({
    variable: 'APM_OUTGOING',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: true,
    meaning: 'Measures outgoing calls as `http_client_duration`.',
  }),
};

/** Every variable that is read, by the name it has in the config. */
export const VARIABLES = { ...common, ...scrape, ...apm, ...push, ...otlp };

export type ConfigKey = keyof typeof VARIABLES;
/** What the environment says, parsed and frozen. */
export type Config = { readonly [K in ConfigKey]: (typeof VARIABLES)[K]['fallback'] };
