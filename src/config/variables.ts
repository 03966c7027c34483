import { DEFAULT_BUCKETS, KNOWN_METHODS } from '../semconv.ts';
import { LOG_LEVELS } from './log.ts';
import * as parse from './parsers.ts';

/**
 * One environment variable: its row yields the parser, the README's table and the tests.
 * @property variable  its name
 * @property expected  what a value must be, as it reads after `expected`
 * @property fallback  what is used when it is unset or bad
 * @property shown     how the README and warnings name the fallback, where its own text does not serve
 * @property instead   what a bad value leads to, where that is not the fallback
 * @property meaning   what it does, one sentence
 * @property secret    its value is never printed
 */
export interface Variable<T> {
  variable: string;
  expected: string;
  parse: parse.Parser<T>;
  fallback: T | undefined;
  shown?: string;
  instead?: { value: T; shown: string };
  meaning: string;
  secret?: boolean;
}

const row = <T>(variable: Variable<T> & { fallback: T }): Variable<T> & { fallback: T } => variable;
const optional = <T>(variable: Omit<Variable<T>, 'fallback'>): Variable<T | undefined> => ({
  ...variable,
  fallback: undefined,
});

const milliseconds = parse.integer(1, 2 ** 31 - 1);
const MILLISECONDS = 'a whole number of milliseconds, 1 or more';

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
    expected: 'a name',
    parse: parse.anyText,
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
    expected: 'prometheus, otlp or none, or both first ones separated by a comma',
    parse: parse.someOf('prometheus', 'otlp', 'none'),
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
  ignorePaths: row({
    variable: 'APM_IGNORE_PATHS',
    expected: 'values of the path label, such as /health,/internal/*',
    parse: parse.labelValues,
    fallback: [],
    shown: 'none',
    meaning: 'Values of `path` that are not measured.',
  }),
  maxPaths: row({
    variable: 'APM_MAX_PATHS',
    expected: 'a whole number, 1 to 100000',
    parse: parse.integer(1, 100_000),
    fallback: 500,
    meaning: 'Distinct values of `path`, and of `host`; what comes after is `other`.',
  }),
  outgoing: row({
    variable: 'APM_OUTGOING',
    expected: 'true or false',
    parse: parse.boolean,
    fallback: true,
    meaning: 'Measures outgoing calls as `http_client_duration`.',
  }),
};

const push = {
  exportInterval: row({
    variable: 'OTEL_METRIC_EXPORT_INTERVAL',
    expected: MILLISECONDS,
    parse: milliseconds,
    fallback: 15_000,
    meaning: 'Time between two pushes, milliseconds.',
  }),
  exportTimeout: row({
    variable: 'OTEL_METRIC_EXPORT_TIMEOUT',
    expected: MILLISECONDS,
    parse: milliseconds,
    fallback: 30_000,
    meaning: 'Longest time of one push, milliseconds; never longer than the interval.',
  }),
  temporality: row({
    variable: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    expected: 'cumulative, delta or lowmemory',
    parse: parse.oneOf('cumulative', 'delta', 'lowmemory'),
    fallback: 'cumulative' as const,
    meaning: 'Whether pushed values are totals or differences.',
  }),
  histogramAggregation: row({
    variable: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    expected: 'explicit_bucket_histogram or base2_exponential_bucket_histogram',
    parse: parse.oneOf('explicit_bucket_histogram', 'base2_exponential_bucket_histogram'),
    fallback: 'explicit_bucket_histogram' as const,
    meaning: "For the app's own pushed histograms; ours have the bounds of `APM_BUCKETS`.",
  }),
};

/** Variables that exist twice: for every signal, and for metrics, which wins. */
const both = <T>(ending: string, { meaning, ...rest }: Omit<Variable<T>, 'fallback' | 'variable'>) => ({
  metrics: optional({ ...rest, variable: `OTEL_EXPORTER_OTLP_METRICS_${ending}`, meaning }),
  signals: optional({ ...rest, variable: `OTEL_EXPORTER_OTLP_${ending}`, meaning: `${meaning} For every signal.` }),
});

const protocol = both('PROTOCOL', {
  expected: 'http/protobuf, http/json or grpc',
  parse: parse.oneOf('http/protobuf', 'http/json', 'grpc'),
  shown: 'http/protobuf',
  meaning: 'How metrics are pushed.',
});
const endpoint = both('ENDPOINT', {
  expected: 'an http:// or https:// URL',
  parse: parse.httpUrl,
  shown: 'http://localhost:4318, for grpc http://localhost:4317',
  meaning: 'Where metrics are pushed.',
});
const headers = both('HEADERS', {
  expected: 'key=value pairs separated by commas, percent-encoded',
  parse: parse.pairs,
  shown: 'none',
  secret: true,
  meaning: 'Headers of each push.',
});
const timeout = both('TIMEOUT', {
  expected: MILLISECONDS,
  parse: milliseconds,
  shown: '10000',
  meaning: 'Longest time of one try, milliseconds.',
});
const compression = both('COMPRESSION', {
  expected: 'gzip or none',
  parse: parse.oneOf('gzip', 'none'),
  shown: 'none',
  meaning: 'Compression of each push.',
});
const readable = { expected: 'a file that can be read', parse: parse.file, shown: 'none' };
const certificate = both('CERTIFICATE', { ...readable, meaning: 'Certificate authority of the receiver, PEM.' });
const clientKey = both('CLIENT_KEY', { ...readable, meaning: 'Private key for mTLS, PEM.' });
const clientCertificate = both('CLIENT_CERTIFICATE', { ...readable, meaning: 'Certificate for mTLS, PEM.' });
const insecure = both('INSECURE', {
  expected: 'true or false',
  parse: parse.boolean,
  shown: "by the endpoint's scheme",
  meaning: 'grpc without TLS.',
});

const otlp = {
  otlpMetricsEndpoint: endpoint.metrics,
  otlpEndpoint: endpoint.signals,
  otlpMetricsProtocol: protocol.metrics,
  otlpProtocol: protocol.signals,
  otlpMetricsHeaders: headers.metrics,
  otlpHeaders: headers.signals,
  otlpMetricsTimeout: timeout.metrics,
  otlpTimeout: timeout.signals,
  otlpMetricsCompression: compression.metrics,
  otlpCompression: compression.signals,
  otlpMetricsCertificate: certificate.metrics,
  otlpCertificate: certificate.signals,
  otlpMetricsClientKey: clientKey.metrics,
  otlpClientKey: clientKey.signals,
  otlpMetricsClientCertificate: clientCertificate.metrics,
  otlpClientCertificate: clientCertificate.signals,
  otlpMetricsInsecure: insecure.metrics,
  otlpInsecure: insecure.signals,
};

/** Every variable that is read, by the name it has in the config. */
export const VARIABLES = { ...common, ...scrape, ...apm, ...push, ...otlp };

export type ConfigKey = keyof typeof VARIABLES;
/** What the environment says, parsed and frozen. */
export type Config = { readonly [K in ConfigKey]: (typeof VARIABLES)[K]['fallback'] };
