import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, ConfigKey } from '../../src/config/variables.ts';
import { root } from '../support/root.ts';

/**
 * A valid and an invalid text of one variable.
 * @property good   a valid text that is not the default
 * @property value  the value of the valid text
 * @property bad    an invalid text
 * @property line   the line that is logged for the invalid text
 * @property used   the value that is used instead; if missing, the default
 */
export interface Case<T> {
  good: string;
  value: T;
  bad: string;
  line: string;
  used?: T;
}

const FILE = join(root, 'test/apps/plain/package.json');
const content = readFileSync(FILE);

/** One case for each variable. The compiler reports a variable without a case. */
export const CASES: { [K in ConfigKey]: Case<Config[K]> } = {
  disabled: {
    good: 'TRUE',
    value: true,
    bad: 'yes',
    line: 'OTEL_SDK_DISABLED: expected true or false, given "yes"; false is used instead',
  },
  logLevel: {
    good: 'warn',
    value: 'warn',
    bad: 'loud',
    line: 'OTEL_LOG_LEVEL: expected one of none, error, warn, info, debug, verbose, all, given "loud"; info is used instead',
  },
  serviceName: {
    good: 'shop & co',
    value: 'shop & co',
    bad: 'shop\n\u001b[31mred',
    line: 'OTEL_SERVICE_NAME: expected a name without control characters, given "shop\\n\\u001b[31mred"; the app\'s package.json is used instead',
  },
  resourceAttributes: {
    good: 'team=a%2Cb, service.version = 7',
    value: { team: 'a,b', 'service.version': '7' },
    bad: 'team',
    line: 'OTEL_RESOURCE_ATTRIBUTES: expected key=value pairs separated by commas, percent-encoded, given "team"; none is used instead',
  },
  exporters: {
    good: 'otlp, Prometheus',
    value: ['otlp', 'prometheus'],
    bad: 'console',
    line: 'OTEL_METRICS_EXPORTER: expected prometheus, otlp, both separated by a comma, or none, given "console"; prometheus is used instead',
  },
  knownMethods: {
    good: 'GET,PURGE',
    value: ['GET', 'PURGE'],
    bad: 'GET POST',
    line: 'OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: expected HTTP methods separated by commas, given "GET POST"; CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,QUERY,TRACE is used instead',
  },
  host: {
    good: '0.0.0.0',
    value: '0.0.0.0',
    bad: 'http://localhost',
    line: 'OTEL_EXPORTER_PROMETHEUS_HOST: expected a host name or an address, given "http://localhost"; localhost is used instead',
  },
  port: {
    good: '0',
    value: 0,
    bad: '65536',
    line: 'OTEL_EXPORTER_PROMETHEUS_PORT: expected a port, 0 to 65535, given "65536"; 9464 is used instead',
  },
  metricsPath: {
    good: '/internal/metrics',
    value: '/internal/metrics',
    bad: 'metrics',
    line: 'APM_METRICS_PATH: expected a path such as /metrics, given "metrics"; /metrics is used instead',
  },
  metricsOnApp: {
    good: '/metrics',
    value: '/metrics',
    bad: '/metrics?all',
    line: 'APM_METRICS_ON_APP: expected a path such as /metrics, given "/metrics?..."; off is used instead',
  },
  authToken: {
    good: 'c2VjcmV0LXRva2Vu==',
    value: 'c2VjcmV0LXRva2Vu==',
    bad: 'correct horse',
    line: 'APM_AUTH_TOKEN: expected a bearer token: letters, digits and -._~+/, with = at the end, given a value that is not shown; every scrape is refused',
    used: ' ',
  },
  buckets: {
    good: '0.1, .5,1e1',
    value: [0.1, 0.5, 10],
    bad: '0,5ms',
    line: 'APM_BUCKETS: expected seconds greater than 0, separated by commas, given "0,5ms"; 0.005,0.01,0.015,0.025,0.05,0.075,0.1,0.15,0.25,0.35,0.5,0.75,1,1.5,2.5,5,10 is used instead',
  },
  metricNames: {
    good: 'semconv',
    value: 'semconv',
    bad: 'otel',
    line: 'APM_METRIC_NAMES: expected apm or semconv, given "otel"; apm is used instead',
  },
  metricPrefix: {
    good: 'shop_',
    value: 'shop_',
    bad: '1shop-',
    line: 'APM_METRIC_PREFIX: expected letters, digits and _, such as shop_; no digit first, given "1shop-"; none is used instead',
  },
  routes: {
    good: '/users/:id,/files/*',
    value: ['/users/:id', '/files/*'],
    bad: 'users/:id,files',
    line: 'APM_ROUTES: expected templates such as /users/:id,/files/*, given "users/:id,files"; none is used instead',
  },
  frameworks: {
    good: 'Express, koa',
    value: ['express', 'koa'],
    bad: 'sails',
    line: 'APM_FRAMEWORKS: expected all, none, or some of express, fastify, koa, hapi, hono, h3, next, restify, polka, connect, feathers, trpc, react-router, remix, sveltekit, astro separated by commas, given "sails"; all is used instead',
  },
  ignorePaths: {
    good: 'get /health*,unmatched,*',
    value: ['get /health*', 'unmatched', '*'],
    bad: 'health',
    line: 'APM_IGNORE_PATHS: expected paths such as /health, /users/:id, /static/* or GET /health*, separated by commas, given "health"; none is used instead',
  },
  untimedPaths: {
    good: '/feeds/*,GET /changes',
    value: ['/feeds/*', 'GET /changes'],
    bad: 'feeds',
    line: 'APM_UNTIMED_PATHS: expected paths such as /events, /users/:id/changes or GET /feeds/*, separated by commas, given "feeds"; none is used instead',
  },
  labels: {
    good: 'tenant=header:x-tenant, region=env:REGION, cell=value:a%2Cb',
    value: { tenant: 'header:x-tenant', region: 'env:REGION', cell: 'value:a,b' },
    bad: 'path=header:x-tenant',
    line: 'APM_LABELS: expected label=header:NAME, label=env:NAME or label=value:TEXT, separated by commas, given "path=header:x-tenant"; none is used instead',
  },
  sizes: {
    good: 'true',
    value: true,
    bad: 'bytes',
    line: 'APM_SIZES: expected true or false, given "bytes"; false is used instead',
  },
  maxPaths: {
    good: '100000',
    value: 100_000,
    bad: '0',
    line: 'APM_MAX_PATHS: expected a whole number, 1 to 100000, given "0"; 500 is used instead',
  },
  gauges: {
    good: 'queue_length=sum, lag=MAX',
    value: { queue_length: 'sum', lag: 'max' },
    bad: 'queue_length=mean',
    line: 'APM_GAUGES: expected name=sum, name=max or name=pid, separated by commas, given "queue_length=mean"; pid for each is used instead',
  },
  group: {
    good: 'shop and its workers',
    value: 'shop and its workers',
    bad: 'a\tb',
    line: 'APM_GROUP: expected a name without control characters, given "a\\tb"; the program and its version is used instead',
  },
  page: {
    good: 'false',
    value: false,
    bad: 'off',
    line: 'APM_PAGE: expected true or false, given "off"; true is used instead',
  },
  outgoing: {
    good: 'False',
    value: false,
    bad: 'off',
    line: 'APM_OUTGOING: expected true or false, given "off"; true is used instead',
  },
  databases: {
    good: 'false',
    value: false,
    bad: 'no',
    line: 'APM_DATABASES: expected true or false, given "no"; true is used instead',
  },
  context: {
    good: 'True',
    value: true,
    bad: 'on',
    line: 'APM_CONTEXT: expected auto, true or false, given "on"; auto is used instead',
  },
  slow: {
    good: '1.5',
    value: 1.5,
    bad: '0',
    line: 'APM_SLOW: expected a number of seconds greater than 0, given "0"; 0.5 is used instead',
  },
  exportInterval: {
    good: '1000',
    value: 1000,
    bad: '1.5',
    line: 'OTEL_METRIC_EXPORT_INTERVAL: expected a whole number of milliseconds, 1 or more, given "1.5"; 15000 is used instead',
  },
  exportTimeout: {
    good: '2000',
    value: 2000,
    bad: '-1',
    line: 'OTEL_METRIC_EXPORT_TIMEOUT: expected a whole number of milliseconds, 1 or more, given "-1"; 30000 is used instead',
  },
  temporality: {
    good: 'DELTA',
    value: 'delta',
    bad: 'difference',
    line: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: expected cumulative, delta or lowmemory, given "difference"; cumulative is used instead',
  },
  histogramAggregation: {
    good: 'base2_exponential_bucket_histogram',
    value: 'base2_exponential_bucket_histogram',
    bad: 'exponential',
    line: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: expected explicit_bucket_histogram or base2_exponential_bucket_histogram, given "exponential"; explicit_bucket_histogram is used instead',
  },
  histogram: {
    good: 'Exponential',
    value: 'exponential',
    bad: 'native',
    line: 'APM_HISTOGRAM: expected explicit or exponential, given "native"; explicit is used instead',
  },
  otlpMetricsEndpoint: {
    good: 'https://collector/v1/metrics',
    value: 'https://collector/v1/metrics',
    bad: 'http://user:password@:4318',
    line: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: expected an http:// or https:// URL, or host:port, given "http://...@:4318"; http://localhost:4318, for grpc http://localhost:4317 is used instead',
  },
  otlpEndpoint: {
    good: 'collector:4318',
    value: 'collector:4318',
    bad: 'collector',
    line: 'OTEL_EXPORTER_OTLP_ENDPOINT: expected an http:// or https:// URL, or host:port, given "collector"; http://localhost:4318, for grpc http://localhost:4317 is used instead',
  },
  otlpMetricsProtocol: {
    good: 'http/json',
    value: 'http/json',
    bad: 'json',
    line: 'OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: expected http/protobuf, http/json or grpc, given "json"; http/protobuf is used instead',
  },
  otlpProtocol: {
    good: 'grpc',
    value: 'grpc',
    bad: 'http',
    line: 'OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf, http/json or grpc, given "http"; http/protobuf is used instead',
  },
  otlpMetricsHeaders: {
    good: 'x-tenant=a,authorization=Bearer%20b',
    value: { 'x-tenant': 'a', authorization: 'Bearer b' },
    bad: 'authorization=Bearer%0Ab',
    line: 'OTEL_EXPORTER_OTLP_METRICS_HEADERS: expected header=value pairs separated by commas, percent-encoded, given a value that is not shown; none is used instead',
  },
  otlpHeaders: {
    good: 'x-tenant=a',
    value: { 'x-tenant': 'a' },
    bad: 'Authorization: Bearer b',
    line: 'OTEL_EXPORTER_OTLP_HEADERS: expected header=value pairs separated by commas, percent-encoded, given a value that is not shown; none is used instead',
  },
  otlpMetricsTimeout: {
    good: '500',
    value: 500,
    bad: '0',
    line: 'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT: expected a whole number of milliseconds, 1 or more, given "0"; 10000 is used instead',
  },
  otlpTimeout: {
    good: '500',
    value: 500,
    bad: '10s',
    line: 'OTEL_EXPORTER_OTLP_TIMEOUT: expected a whole number of milliseconds, 1 or more, given "10s"; 10000 is used instead',
  },
  otlpMetricsCompression: {
    good: 'gzip',
    value: 'gzip',
    bad: 'zstd',
    line: 'OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: expected gzip or none, given "zstd"; none is used instead',
  },
  otlpCompression: {
    good: 'none',
    value: 'none',
    bad: 'br',
    line: 'OTEL_EXPORTER_OTLP_COMPRESSION: expected gzip or none, given "br"; none is used instead',
  },
  otlpMetricsCertificate: {
    good: FILE,
    value: content,
    bad: '/nowhere/ca.pem',
    line: 'OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE: expected a readable file, given "/nowhere/ca.pem"; none is used instead',
  },
  otlpCertificate: {
    good: FILE,
    value: content,
    bad: '/',
    line: 'OTEL_EXPORTER_OTLP_CERTIFICATE: expected a readable file, given "/"; none is used instead',
  },
  otlpMetricsClientKey: {
    good: FILE,
    value: content,
    bad: '/nowhere/key.pem',
    line: 'OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY: expected a readable file, given a value that is not shown; none is used instead',
  },
  otlpClientKey: {
    good: FILE,
    value: content,
    bad: '/nowhere/key.pem',
    line: 'OTEL_EXPORTER_OTLP_CLIENT_KEY: expected a readable file, given a value that is not shown; none is used instead',
  },
  otlpMetricsClientCertificate: {
    good: FILE,
    value: content,
    bad: '/nowhere/cert.pem',
    line: 'OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE: expected a readable file, given "/nowhere/cert.pem"; none is used instead',
  },
  otlpClientCertificate: {
    good: FILE,
    value: content,
    bad: '/nowhere/cert.pem',
    line: 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: expected a readable file, given "/nowhere/cert.pem"; none is used instead',
  },
  otlpMetricsInsecure: {
    good: 'true',
    value: true,
    bad: '1',
    line: 'OTEL_EXPORTER_OTLP_METRICS_INSECURE: expected true or false, given "1"; false is used instead',
  },
  otlpInsecure: {
    good: 'false',
    value: false,
    bad: 'no',
    line: 'OTEL_EXPORTER_OTLP_INSECURE: expected true or false, given "no"; false is used instead',
  },
};
